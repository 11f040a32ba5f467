// SPDX-License-Identifier: Apache-2.0
// Words of mail headers and names of attachments, in any charset.
#include <gtest/gtest.h>

#include "content/coded.h"
#include "content/every_cut.h"
#include "content/text_in.h"

namespace gander::content {
namespace {

TEST(HeaderWords, AnyCharset) {
  const std::string name = "\xd0\x98\xd0\xb2\xd0\xb0\xd0\xbd \xd0\x9f\xd0\xb5\xd1\x82\xd1\x80\xd0\xbe\xd0\xb2";
  const std::string japanese = "\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e";
  const auto subject = [](const std::string& value) {
    const RecordingSink sink =
        ReadEveryCut({"message/rfc822", "", "Subject: " + value + "\r\n\r\nx\r\n", "", "smtp.data"});
    return sink.Named("Subject")->text;
  };
  for (const std::string charset : {"koi8-r", "windows-1251", "iso-8859-5", "utf-8", "utf-16be"}) {
    EXPECT_EQ(subject("=?" + charset + "?B?" + Base64(TextIn(charset.c_str(), name)) + "?="), name) << charset;
  }
  for (const std::string charset : {"iso-2022-jp", "shift_jis", "euc-jp", "gb18030"}) {
    EXPECT_EQ(subject("=?" + charset + "*ja?b?" + Base64(TextIn(charset.c_str(), japanese)) + "?="), japanese)
        << charset;
  }
  // A character cut between two words.
  const std::string bytes = TextIn("euc-jp", japanese);
  const std::string first = Base64(bytes.substr(0, 3)), second = Base64(bytes.substr(3));
  EXPECT_EQ(subject("=?euc-jp?B?" + first + "?=\r\n =?euc-jp?B?" + second + "?= and more"), japanese + " and more");
  EXPECT_EQ(subject("=?iso-8859-1?Q?J=FCrgen_M?= <x@y>"), "J\xc3\xbcrgen M <x@y>");
  EXPECT_EQ(subject("=?no-such-set?Q?J=C3=BCrgen?="), "J\xc3\xbcrgen");
  // Broken ones stand as they are.
  for (const std::string broken : {"=?utf-8?X?abc?=", "=?utf-8?B?abc", "=?utf-8", "=?=?=?="}) {
    EXPECT_EQ(subject(broken), broken);
  }
  EXPECT_EQ(subject("caf\xe9 au lait, tr\xe8s bon, d\xe9j\xe0 vu"),
            "caf\xc3\xa9 au lait, tr\xc3\xa8s bon, d\xc3\xa9j\xc3\xa0 vu");
}

TEST(HeaderWords, FileNames) {
  const auto file_name = [](const std::string& parameters) {
    const RecordingSink sink =
        ReadEveryCut({"message/rfc822", "", "Content-Disposition: attachment; " + parameters + "\r\n\r\nsome words\r\n",
                      "", "smtp.data"});
    const std::string name = sink.files.at(0).name;
    EXPECT_TRUE(parameters.find(name) != std::string::npos || sink.Named("filename")->text == name)
        << "what is decoded is told";
    return name;
  };
  const std::string name = "\xd0\x98\xd0\xb2\xd0\xb0\xd0\xbd.csv";
  EXPECT_EQ(file_name("filename*=koi8-r'ru'%E9%D7%C1%CE.csv"), name);
  EXPECT_EQ(file_name("filename*0*=koi8-r'ru'%E9%D7;\r\n filename*1*=%C1%CE;\r\n filename*2=\".csv\""), name);
  EXPECT_EQ(file_name("filename*0*=utf-8''%D0%98%D0;\r\n filename*1*=%B2%D0%B0%D0%BD.csv"), name);
  EXPECT_EQ(file_name("filename=\"=?koi8-r?B?6dfBzg==?=.csv\""), name);
  EXPECT_EQ(file_name("filename*0=\"=?koi8-r?B?6df\";\r\n filename*1=\"Bzg==?=.csv\""), name);
  EXPECT_EQ(file_name("filename=\"J\xfcrgen \xfc""ber \xe4rger.csv\""), "J\xc3\xbcrgen \xc3\xbc""ber \xc3\xa4rger.csv");
  EXPECT_EQ(file_name("filename*=utf-8'%zz.csv"), "utf-8'%zz.csv");
  EXPECT_EQ(file_name("filename*1*=b.csv; filename*0*=x''a%"), "a%b.csv");
}

TEST(HeaderWords, NamesOfBodies) {
  const auto file_name = [](const std::string& name) {
    const RecordingSink sink = ReadEveryCut({"text/plain", "", "some words", name});
    EXPECT_TRUE(sink.files.at(0).name == name || sink.Named("filename")->text == sink.files[0].name);
    return sink.files[0].name;
  };
  EXPECT_EQ(file_name("plain.txt"), "plain.txt");
  EXPECT_EQ(file_name("J\xc3\xbcrgen.txt"), "J\xc3\xbcrgen.txt");
  EXPECT_EQ(file_name("=?utf-8?B?SsO8cmdlbg==?=.txt"), "J\xc3\xbcrgen.txt");
  EXPECT_EQ(file_name("d\xe9j\xe0 vu \xe0 l'\xe9t\xe9.txt"), "d\xc3\xa9j\xc3\xa0 vu \xc3\xa0 l'\xc3\xa9t\xc3\xa9.txt");
  EXPECT_EQ(file_name("=?utf-8?B?SsO8"), "=?utf-8?B?SsO8");
}

}  // namespace
}  // namespace gander::content
