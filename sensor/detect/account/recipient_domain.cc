// SPDX-License-Identifier: Apache-2.0
#include "detect/account/recipient_domain.h"

#include <algorithm>
#include <iterator>

#include "detect/account/registrable_domain.h"

namespace gander::detect {
namespace {

// Sorted by what they are: clouds' storage and applications, edges, sites of users, dynamic names and tunnels.
constexpr std::string_view kShared[] = {
    "amazonaws.com", "awsapps.com", "elasticbeanstalk.com", "windows.net", "cloudapp.net", "azure.com", "azure-api.net",
    "azurewebsites.net", "azurecontainer.io", "googleapis.com", "googleusercontent.com", "appspot.com", "run.app",
    "cloudfunctions.net", "web.app", "firebaseapp.com", "firebaseio.com", "oraclecloud.com", "aliyuncs.com",
    "myqcloud.com", "myhuaweicloud.com", "digitaloceanspaces.com", "ondigitalocean.app", "linodeobjects.com",
    "backblazeb2.com", "wasabisys.com", "scw.cloud", "ovh.net", "r2.dev", "herokuapp.com", "onrender.com", "fly.dev",
    "railway.app", "supabase.co", "cloudfront.net", "akamaized.net", "akamaihd.net", "edgekey.net", "edgesuite.net",
    "fastly.net", "azureedge.net", "azurefd.net", "b-cdn.net", "pages.dev", "workers.dev", "github.io", "gitlab.io",
    "netlify.app", "vercel.app", "glitch.me", "blogspot.com", "wordpress.com", "wixsite.com", "myshopify.com",
    "sharepoint.com", "force.com", "salesforce.com", "zendesk.com", "atlassian.net", "slack.com", "duckdns.org",
    "ddns.net", "no-ip.org", "dyndns.org", "hopto.org", "dynv6.net", "synology.me", "myqnapcloud.com", "ngrok.io",
    "ngrok.app", "ngrok-free.app", "trycloudflare.com", "ts.net", "loca.lt"};

}  // namespace

bool IsSharedDomain(std::string_view domain) noexcept {
  return std::find(std::begin(kShared), std::end(kShared), domain) != std::end(kShared);
}

std::string DomainOfNames(std::string_view host) {
  std::string domain = RegistrableDomain(host);
  if (domain.empty() || domain.size() >= host.size() || IsSharedDomain(domain)) return {};
  return "*." + domain;
}

}  // namespace gander::detect
