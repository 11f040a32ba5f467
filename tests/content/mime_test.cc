// SPDX-License-Identifier: Apache-2.0
// Messages, multiparts, transfer encodings, forms: in one piece and split at every place.
#include <gtest/gtest.h>

#include "content/coded.h"
#include "content/recording_sink.h"

namespace gander::content {
namespace {

RecordingSink ReadMail(const std::string& mail, std::size_t step = SIZE_MAX, const Options& options = {}) {
  return Read({"message/rfc822", "", mail, "", "smtp.data"}, step, options);
}

// Reads a body whole and in parts of every size up to 80 and some larger ones; all must tell the same.
RecordingSink ReadAllSplits(const Body1& body) {
  const RecordingSink whole = Read(body);
  std::vector<std::size_t> steps = {100, 128, 129, 1000, 1460};
  for (std::size_t s = 1; s <= 80; ++s) steps.push_back(s);
  for (const std::size_t step : steps) {
    const RecordingSink split = Read(body, step);
    EXPECT_EQ(split.texts, whole.texts) << "parts of " << step;
    EXPECT_EQ(split.files, whole.files) << "parts of " << step;
    EXPECT_EQ(split.anomalies, whole.anomalies) << "parts of " << step;
  }
  return whole;
}

const char kMail[] =
    "Received: from a.example\r\n by b.example; Mon, 1 Jan 2024 00:00:00 +0000\r\n"
    "From: =?utf-8?Q?J=C3=BCrgen?= <j@example.org>\r\n"
    "Subject: =?UTF-8?B?U29jaWFs?=\r\n =?UTF-8?B?IFNlY3VyaXR5?=\r\n"
    "Content-Type: multipart/mixed;\r\n\tboundary=\"=_outer\"\r\n"
    "\r\n"
    "This is a multi-part message in MIME format.\r\n"
    "--=_outer\r\n"
    "Content-Type: multipart/alternative; boundary==_outer2\r\n"
    "\r\n"
    "--=_outer2\r\n"
    "Content-Type: text/plain; charset=utf-8\r\n"
    "Content-Transfer-Encoding: quoted-printable\r\n"
    "\r\n"
    "My number is 078-05-=\r\n1120, caf=C3=A9 =3D ok\r\n"
    "--=_outer2\r\n"
    "Content-Type: text/html\r\n"
    "\r\n"
    "<b>078-05-1120</b>\r\n"
    "--=_outer2--\r\n"
    "\r\n"
    "--=_outer\r\n"
    "Content-Type: application/octet-stream\r\n"
    "Content-Disposition: attachment;\r\n filename*0=\"people of \";\r\n filename*1*=M%C3%BCnchen.csv\r\n"
    "Content-Transfer-Encoding: base64\r\n"
    "\r\n"
    "@FILE@\r\n"
    "--=_outer--\r\n"
    "bye\r\n";

std::string Mail(const std::string& file) {
  std::string mail = kMail;
  return mail.replace(mail.find("@FILE@"), 6, Base64(file));
}

TEST(Mime, NestedMessage) {
  const std::string csv = Lines(30);
  const RecordingSink sink = ReadAllSplits({"message/rfc822", "", Mail(csv), "", "smtp.data"});
  ASSERT_NE(sink.Named("Subject"), nullptr);
  EXPECT_EQ(sink.Named("Subject")->text, "Social Security");
  EXPECT_EQ(sink.Named("From")->text, "J\xc3\xbcrgen <j@example.org>");
  EXPECT_EQ(sink.Named("Received")->text, "from a.example by b.example; Mon, 1 Jan 2024 00:00:00 +0000");
  const std::string base = "smtp.data > message/rfc822 > multipart/mixed";
  const SeenText plain = {"My number is 078-05-1120, caf\xc3\xa9 = ok",
                          base + " > multipart/alternative > text/plain", "", 0, true};
  EXPECT_EQ(std::count(sink.texts.begin(), sink.texts.end(), plain), 1);
  const SeenText html = {"<b>078-05-1120</b>", base + " > multipart/alternative > text/html", "", 0, true};
  EXPECT_EQ(std::count(sink.texts.begin(), sink.texts.end(), html), 1);
  const SeenText preamble = {"This is a multi-part message in MIME format.", base, "", 0, true};
  EXPECT_EQ(std::count(sink.texts.begin(), sink.texts.end(), preamble), 1);
  ASSERT_NE(sink.Named("people of M\xc3\xbcnchen.csv"), nullptr);
  EXPECT_EQ(sink.Named("people of M\xc3\xbcnchen.csv")->text, csv);
  ASSERT_EQ(sink.files.size(), 1u);
  EXPECT_EQ(sink.files[0].name, "people of M\xc3\xbcnchen.csv");
  EXPECT_EQ(sink.files[0].size, csv.size());
  EXPECT_EQ(sink.files[0].magic, "text");
  EXPECT_EQ(sink.files[0].sha256, Read({"text/csv", "", csv}).files.at(0).sha256);
  EXPECT_TRUE(sink.anomalies.empty());
}

TEST(Mime, TruncatedAnywhereLosesOnlyWhatIsMissing) {
  const std::string mail = Mail(Lines(5));
  const RecordingSink whole = ReadMail(mail);
  for (std::size_t cut = 0; cut <= mail.size(); ++cut) {
    const RecordingSink sink = ReadMail(mail.substr(0, cut), 13);
    EXPECT_LE(sink.text_bytes, whole.text_bytes + 8) << cut;
    EXPECT_EQ(sink.Of(ByteFate::kOpaqueBinary), 0u) << cut;
  }
}

TEST(Mime, BareLineFeeds) {
  std::string mail = Mail(Lines(5));
  mail.erase(std::remove(mail.begin(), mail.end(), '\r'), mail.end());
  const RecordingSink sink = ReadAllSplits({"message/rfc822", "", mail, "", "smtp.data"});
  EXPECT_EQ(sink.files.size(), 1u);
  EXPECT_EQ(sink.Named("Subject")->text, "Social Security");
}

TEST(Mime, AttachedMessageWhoseLabelLies) {
  // Declared base64, sent plain: the inner file must still be seen.
  const std::string mail =
      "From: a@example.org\r\nContent-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n"
      "Content-Disposition: attachment; filename=\"innocent.txt\"\r\n\r\n"
      "From: b@example.org\r\nSubject: Inner\r\nContent-Type: application/octet-stream\r\n"
      "Content-Disposition: attachment; filename=\"payroll.bin\"\r\n\r\nssn 078-05-1120\r\n";
  const RecordingSink sink = ReadAllSplits({"message/rfc822", "", mail, "", "smtp.data"});
  ASSERT_EQ(sink.files.size(), 1u);
  EXPECT_EQ(sink.files[0].name, "payroll.bin");
  EXPECT_EQ(sink.Named("payroll.bin")->text, "ssn 078-05-1120\r\n");
}

TEST(Mime, AttachedGzipIsOpened) {
  const std::string csv = Lines(200);
  const RecordingSink sink = ReadAllSplits({"message/rfc822", "", Mail(Gzip(csv)), "", "smtp.data"});
  ASSERT_EQ(sink.files.size(), 1u);
  EXPECT_EQ(sink.files[0].magic, "gzip");
  EXPECT_EQ(sink.files[0].size, Gzip(csv).size());
  EXPECT_EQ(sink.Named(sink.files[0].name)->text, csv);
}

TEST(Mime, MessageWithoutHeadersIsText) {
  const RecordingSink sink =
      ReadAllSplits({"message/rfc822", "", "This is a test\r\nof 078-05-1120\r\n", "", "smtp.data"});
  EXPECT_EQ(sink.Unnamed(), "This is a test\r\nof 078-05-1120\r\n");
}

TEST(Mime, BinaryAttachmentIsOpaque) {
  const std::string noise = "\x89PNG\r\n\x1a\n" + Noise(60000);
  const std::string mail = Mail(noise);
  const RecordingSink sink = ReadMail(mail, 1460);
  EXPECT_EQ(sink.files.at(0).magic, "png");
  EXPECT_EQ(sink.files.at(0).size, noise.size());
  const auto opaque = static_cast<double>(sink.Of(ByteFate::kOpaqueBinary));
  EXPECT_NEAR(opaque, static_cast<double>(Base64(noise).size()), 6000.0);
}

TEST(Mime, LongHeaderIsCutAndCounted) {
  const std::string mail = "Subject: " + std::string(100000, 'a') + "\r\n\r\nssn\r\n";
  const RecordingSink sink = ReadMail(mail, 1000);
  EXPECT_TRUE(sink.Saw("mime_long_header_value"));
  EXPECT_NEAR(static_cast<double>(sink.Of(ByteFate::kLostUnwrapCap)), 100000.0 - 16384, 100.0);
  EXPECT_EQ(sink.Unnamed(), "ssn\r\n");
}

TEST(Mime, EndlessFoldingIsCutAndCounted) {
  std::string mail = "Subject: a\r\n";
  for (int i = 0; i < 5000; ++i) mail += " 0123456789012345678901234567890123456789\r\n";
  const RecordingSink sink = ReadMail(mail + "\r\nssn\r\n");
  EXPECT_GT(sink.Of(ByteFate::kLostUnwrapCap), 150000u);
  EXPECT_EQ(sink.Unnamed(), "ssn\r\n");
}

TEST(Mime, PartsCap) {
  std::string mail = "Content-Type: multipart/mixed; boundary=x\r\n\r\n";
  for (int i = 0; i < 1500; ++i) mail += "--x\r\n\r\npart\r\n";
  Counters counters{};
  BodyReader reader(Options{}, counters);
  RecordingSink sink;
  Drive(reader, {"message/rfc822", "", mail, "", "smtp.data"}, sink);
  EXPECT_EQ(counters.cap_parts, 1u);
  EXPECT_EQ(
      std::count_if(sink.texts.begin(), sink.texts.end(), [](const SeenText& t) { return t.text == "part"; }),
      1000);
  EXPECT_GT(sink.Of(ByteFate::kLostUnwrapCap), 1500u);
}

TEST(Mime, DepthCap) {
  std::string mail;
  for (int i = 0; i < 20; ++i) mail += "Content-Type: message/rfc822\r\n\r\n";
  mail += "Subject: x\r\n\r\nbottom\r\n";
  Counters counters{};
  BodyReader reader(Options{}, counters);
  RecordingSink sink;
  Drive(reader, {"message/rfc822", "", mail, "", "smtp.data"}, sink, 10);
  EXPECT_EQ(counters.cap_depth, 1u);
  EXPECT_GT(sink.Of(ByteFate::kLostUnwrapCap), 100u);
  // And the reader is sound afterwards.
  RecordingSink again;
  Drive(reader, {"message/rfc822", "", Mail("x"), "", "smtp.data"}, again, 10);
  EXPECT_EQ(again.files.size(), 1u);
}

TEST(Mime, MissingFinalBoundaryAndMissingParameter) {
  EXPECT_TRUE(ReadMail("Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\npart\r\n")
                  .Saw("mime_no_final_boundary"));
  const RecordingSink sink = ReadMail("Content-Type: multipart/mixed\r\n\r\n--x\r\n\r\npart\r\n");
  EXPECT_TRUE(sink.Saw("mime_no_boundary"));
  EXPECT_EQ(sink.Unnamed(), "--x\r\n\r\npart\r\n");
}

TEST(Form, UploadWithFieldsAndFile) {
  const std::string csv = Lines(10) + "\r\n--not the boundary\r\n--AaB03\r\n\r\n";
  const std::string body =
      "--AaB03x\r\nContent-Disposition: form-data; name=\"ssn\"\r\n\r\n078-05-1120\r\n"
      "--AaB03x\r\nContent-Disposition: form-data; name=\"f\"; filename=\"C:\\dir\\a.csv\"\r\nContent-Type: "
      "text/csv\r\n\r\n" +
      csv +
      "\r\n--AaB03x\r\nContent-Disposition: form-data; name=\"none\"; "
      "filename=\"\"\r\n\r\n\r\n--AaB03x--\r\n";
  const RecordingSink sink =
      ReadAllSplits({"multipart/form-data; boundary=AaB03x", "", body, "/upload", "http.request.body"});
  ASSERT_NE(sink.Named("ssn"), nullptr);
  EXPECT_EQ(sink.Named("ssn")->text, "078-05-1120");
  ASSERT_EQ(sink.files.size(), 2u) << "the part, and all that was sent";
  EXPECT_EQ(sink.files[0].name, "C:\\dir\\a.csv");
  EXPECT_EQ(sink.files[0].size, csv.size());
  EXPECT_EQ(sink.files[0].path, "http.request.body > multipart/form-data > text/csv");
  EXPECT_EQ(sink.files[1].name, "/upload");
  EXPECT_EQ(sink.files[1].size, body.size());
  EXPECT_EQ(sink.files[1].path, "http.request.body > multipart/form-data");
}

TEST(Form, UrlEncodedBecomesLines) {
  const std::string body = "name=J%C3%BCrgen+M&ssn=078%2d05-1120&odd=%zz%4&last=100%";
  const RecordingSink sink =
      ReadAllSplits({"application/x-www-form-urlencoded", "", body, "", "http.request.body"});
  EXPECT_EQ(sink.Unnamed(), "name=J\xc3\xbcrgen M\nssn=078-05-1120\nodd=%zz%4\nlast=100%");
  const std::string json = "{\"phone\":\"+49 30 1234\",\"q\":\"a&b\"}";
  EXPECT_EQ(Read({"application/x-www-form-urlencoded", "", json}).Unnamed(), json);
}

TEST(Charset, Utf16) {
  const std::string plain = "name;ssn\r\nAda;078-05-1120\r\n";
  std::string little, big;
  for (const char c : plain) {
    little += std::string(1, c) + '\0';
    big += std::string(1, '\0') + c;
  }
  const std::string emoji_little("\x3d\xd8\x00\xde", 4);
  for (const std::string& body : {"\xff\xfe" + little, "\xfe\xff" + big, little, big}) {
    const RecordingSink sink = ReadAllSplits({"text/plain", "", body});
    EXPECT_EQ(sink.Unnamed(), plain);
    EXPECT_EQ(sink.files.at(0).size, body.size());
  }
  EXPECT_EQ(Read({"text/plain", "", "\xff\xfe" + little + emoji_little}, 1).Unnamed(),
            plain + "\xf0\x9f\x98\x80");
  EXPECT_EQ(Read({"text/plain", "", "\xff\xfe" + little + emoji_little.substr(0, 3)}, 1).Unnamed(),
            plain + "\xef\xbf\xbd");
}

TEST(Leaf, BinaryIsOpaqueAndTextWithinItIsSeen) {
  const RecordingSink noise = Read({"application/octet-stream", "", Noise(100000)}, 1000);
  EXPECT_TRUE(noise.texts.empty());
  // What was held back for a look when the last part came is told by nobody.
  EXPECT_NEAR(static_cast<double>(noise.Of(ByteFate::kOpaqueBinary)), 100000.0, 128.0);
  EXPECT_EQ(noise.files.at(0).size, 100000u);
  const std::string text = Lines(1000);
  const RecordingSink mixed = ReadAllSplits({"", "", Noise(8192, 3) + text});
  EXPECT_EQ(mixed.Unnamed(), text);
  EXPECT_EQ(Read({"image/png", "", text}).Unnamed(), text) << "an image that is none";
}

TEST(Leaf, EmptyBodiesSayNothing) {
  for (const char* type : {"", "text/plain", "multipart/mixed; boundary=x", "message/rfc822"}) {
    for (const char* encoding : {"", "gzip", "br"}) {
      const RecordingSink sink = Read({type, encoding, ""});
      EXPECT_TRUE(sink.texts.empty() && sink.files.empty());
    }
  }
}

TEST(Leaf, PathIsBoundedAndClean) {
  const RecordingSink odd = Read({"text/\x01\x80 evil > path", "", "ssn"});
  EXPECT_EQ(odd.texts.at(0).path, "http.response.body > unknown");
  std::string mail;
  for (int i = 0; i < 7; ++i)
    mail += "Content-Type: multipart/" + std::string(50, 'x') + "; boundary=b" + std::to_string(i) +
            "\r\n\r\n--b" + std::to_string(i) + "\r\n";
  const RecordingSink deep = ReadMail(mail + "\r\nbottom");
  EXPECT_NE(deep.Unnamed().find("bottom"), std::string::npos);
}

}  // namespace
}  // namespace gander::content
