// SPDX-License-Identifier: Apache-2.0
// Mail nobody declared: single messages and mailboxes; messages within messages.
#include <gtest/gtest.h>

#include "content/coded.h"
#include "content/every_cut.h"
#include "content/mail/mail_file.h"

namespace gander::content {
namespace {

const char kHead[] =
    "From: Desk <desk@client>\r\nTo: Box <box@server>\r\nDate: Tue, 24 Nov 2026 20:00:00 +0000\r\n"
    "Message-ID: <1@client>\r\nMIME-Version: 1.0\r\nSubject: list\r\n";

std::string Attached(const std::string& data, const std::string& line_end = "\r\n") {
  std::string mail = std::string(kHead) +
                     "Content-Type: multipart/mixed; boundary=edge\r\n\r\n--edge\r\n\r\nSee below.\r\n--edge\r\n"
                     "Content-Type: text/csv; name=a.csv\r\nContent-Transfer-Encoding: base64\r\n\r\n" +
                     Base64(data) + "\r\n--edge--\r\n";
  if (line_end == "\n") mail.erase(std::remove(mail.begin(), mail.end(), '\r'), mail.end());
  return mail;
}

RecordingSink ReadFile(const std::string& bytes, const std::string& type = "") {
  return ReadEveryCut({type, "", bytes, "a.eml", "smb.file"});
}

TEST(MailFile, MessageOfNoDeclaredType) {
  for (const std::string type : {"", "application/octet-stream", "text/plain"}) {
    for (const std::string line_end : {"\r\n", "\n"}) {
      const RecordingSink sink = ReadFile(Attached(Lines(20), line_end), type);
      ASSERT_EQ(sink.files.size(), 2u) << type;
      EXPECT_EQ(sink.files[0].name, "a.csv");
      EXPECT_EQ(sink.files[1].magic, "mail");
      EXPECT_EQ(sink.Named("a.csv")->text, Lines(20));
      EXPECT_EQ(sink.Named("Subject")->text, "list");
    }
  }
}

TEST(MailFile, LongFieldsOnTop) {
  std::string received = "Received: from a.example (a.example [192.0.2.1])\r\n";
  for (int i = 0; i < 20; ++i) received += "\tby b.example with ESMTPS id 0123456789abcdef for <box@server>;\r\n";
  const RecordingSink sink = ReadFile("Return-Path: <desk@client>\r\n" + received + Attached(Lines(4)));
  EXPECT_EQ(sink.files.at(0).name, "a.csv");
}

TEST(MailFile, WhatIsNoMailStaysText) {
  const std::string texts[] = {
      "Subject: what we talked about\nand then it goes on as a letter does, for some lines more than the prefix "
      "holds.\n",
      "From: the desk\nTo: whom it may concern\nDate: today\n\nHello.\n",
      "Date: Mon, 01 Jan 2024 00:00:00 GMT\r\nServer: nginx\r\nContent-Type: text/html\r\nContent-Length: 12\r\n\r\n"
      "Hello world!\r\n",
      "HTTP/1.1 200 OK\r\nDate: Mon, 01 Jan 2024 00:00:00 GMT\r\nFrom: a@b.c\r\n\r\nbody\r\n",
      "192.0.2.1 - - [24/Nov/2026:20:00:00 +0000] \"GET / HTTP/1.1\" 200 12 \"-\" \"-\"\n",
      "X-Trace: 1\nX-Span: 2\n\nlog\n",
      "From here on it is prose: 12:30 was the time, 2024 the year.\nReceived: nothing\n\nHello\n",
      "To: you\n"};
  for (const std::string& text : texts) {
    const RecordingSink sink = ReadFile(text);
    ASSERT_EQ(sink.texts.size(), 1u) << text;
    EXPECT_EQ(sink.texts[0].text, text);
    EXPECT_EQ(sink.files.at(0).magic, "text") << text;
  }
  // As a mail quotes another.
  const std::string quoted = "From: Ada <ada@example.org>\nTo: Box <box@server>\nSubject: list\n\nHello.\n";
  EXPECT_EQ(MailFileOf("text/plain", AsBytes(quoted)), MailFile::kNone);
  EXPECT_EQ(MailFileOf("", AsBytes(quoted)), MailFile::kMessage);
}

TEST(Mailbox, EachMessageIsAMail) {
  const std::string line = "From desk@client Tue Nov 24 20:00:00 2026\n";
  std::string box;
  for (int i = 1; i <= 3; ++i) box += line + Attached(Lines(static_cast<std::size_t>(i)), "\n") + "\n";
  const RecordingSink sink = ReadFile(box, "application/mbox");
  ASSERT_EQ(sink.files.size(), 4u);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(sink.files[i].size, Lines(i + 1).size());
  EXPECT_EQ(sink.files[3].magic, "mbox");
  EXPECT_EQ(sink.Named("From ")->text, line.substr(0, line.size() - 1));
  EXPECT_TRUE(sink.anomalies.empty());
}

TEST(Mailbox, QuotedLinesAndProse) {
  const std::string line = "From desk@client Tue Nov 24 20:00:00 2026\r\n";
  const std::string box = line + kHead +
                          "\r\nFirst.\r\n\r\n>From the beginning.\r\n>>From there.\r\n>Frame\r\n\r\nFrom here on\r\n" +
                          "From nobody@x Tue Nov 24 20:00:00 2026\r\n\r\n" + line + kHead + "\r\nSecond.\r\n\r\nFro";
  const RecordingSink sink = ReadFile(box);
  EXPECT_EQ(sink.Unnamed(), "First.\r\n\r\nFrom the beginning.\r\n>From there.\r\n>Frame\r\n\r\nFrom here on\r\n"
                            "From nobody@x Tue Nov 24 20:00:00 2026\r\n\r\nSecond.\r\n\r\nFro");
}

TEST(Mailbox, CapOfMessages) {
  std::string box;
  for (int i = 0; i < 1500; ++i) box += "From a@b Tue Nov 24 20:00:00 2026\nSubject: x\n\nbody\n\n";
  Counters counters{};
  BodyReader reader(Options{}, counters);
  RecordingSink sink;
  Drive(reader, {"", "", box}, sink, 1460);
  EXPECT_EQ(counters.cap_parts, 1u);
  EXPECT_EQ(sink.Of(ByteFate::kLostUnwrapCap), 500u * 18) << "all but the lines between them";
}

TEST(Nested, DigestPartialExternal) {
  const std::string inner = std::string(kHead) + "\r\nInner.\r\n";
  const RecordingSink digest =
      ReadEveryCut({"multipart/digest; boundary=e", "", "--e\r\n\r\n" + inner + "\r\n--e--\r\n"});
  EXPECT_EQ(digest.Named("Subject")->text, "list");
  EXPECT_EQ(digest.Unnamed(), "Inner.\r\n");
  const auto part = [&](const std::string& number) {
    return ReadEveryCut({"message/partial; id=\"a@b\"; number=" + number + "; total=2", "", inner, "", "smtp.data"});
  };
  EXPECT_EQ(part("1").Named("Subject")->text, "list");
  EXPECT_TRUE(part("1").Saw("mime_partial_message"));
  EXPECT_TRUE(part("2").Saw("mime_partial_message"));
  const RecordingSink external = ReadEveryCut(
      {"message/external-body; access-type=URL; URL=\"http://a.example/x\"", "",
       "Content-Type: text/csv; name=x.csv\r\n\r\n"});
  EXPECT_TRUE(external.Saw("mime_external_body"));
  EXPECT_NE(external.Named("Content-Type"), nullptr);
}

}  // namespace
}  // namespace gander::content
