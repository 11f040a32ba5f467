// SPDX-License-Identifier: Apache-2.0
// vCard, iCalendar and LDIF: lines unfolded, values decoded, however they are cut.
#include <gtest/gtest.h>

#include "content/coded.h"
#include "content/every_cut.h"

namespace gander::content {
namespace {

std::string Card(const std::string& text) { return TextOf("text/vcard; charset=utf-8", text); }
std::string Ldif(const std::string& text) { return TextOf("text/x-ldif", text); }

TEST(DirectoryLines, FoldedLinesAreOne) {
  EXPECT_EQ(Card("BEGIN:VCARD\r\nNOTE:number 078-0\r\n 5-1120 and\r\n\t more\r\nEND:VCARD\r\n"),
            "BEGIN:VCARD\r\nNOTE:number 078-05-1120 and more\r\nEND:VCARD\r\n");
  EXPECT_EQ(Card("BEGIN:VCARD\nTE\n L:1\n\nX:\r\r\n"), "BEGIN:VCARD\nTEL:1\n\nX:\r\r\n");
  EXPECT_EQ(TextOf("text/calendar", "BEGIN:VCALENDAR\r\nATTENDEE;CN=\"A\r\n  B\":mailto:a@exa\r\n mple.org\r\n"),
            "BEGIN:VCALENDAR\r\nATTENDEE;CN=\"A B\":mailto:a@example.org\r\n");
  EXPECT_EQ(Ldif("dn: cn=a\nssn: 078-05\n -1120\n"), "dn: cn=a\nssn: 078-05-1120\n");
}

TEST(DirectoryLines, EscapesOfCards) {
  EXPECT_EQ(Card("ADR:;;1 Main St\\, Apt\\; 4;\\n078\\\\x\\q\\\r\n"), "ADR:;;1 Main St, Apt; 4;\n078\\x\\q\\\r\n");
  EXPECT_EQ(Ldif("dn: cn=a\\, b\n"), "dn: cn=a\\, b\n");
}

TEST(DirectoryLines, QuotedPrintableOfOldCards) {
  EXPECT_EQ(Card("N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=BCller;J=C3=\r\n=BCrgen\r\nNOTE;quoted-Printable:=30="
                 "\n=37 8=3\r\nTEL:=30\r\n"),
            "N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M\xc3\xbcller;J\xc3\xbcrgen\r\nNOTE;quoted-Printable:07 "
            "8=3\r\nTEL:=30\r\n");
}

TEST(DirectoryLines, Base64OfLdif) {
  EXPECT_EQ(Ldif("dn:: Y249SsO8cmdlbg==\nsn:: TcO8bGxlcg==\nx:: /////w==\ny::\nz: \n"),
            "dn:: cn=J\xc3\xbcrgen\nsn:: M\xc3\xbcller\nx:: /////w==\ny::\nz: \n");
  const std::string text = "a text that is longer than what is held of a value, 078-05-1120";
  std::string folded = Base64(text, SIZE_MAX);
  for (std::size_t at = 70; at < folded.size(); at += 71) folded.insert(at, "\n ");
  EXPECT_EQ(Ldif("dn: cn=a\ndescription:: " + folded + "\nmail: a@example.org\n"),
            "dn: cn=a\ndescription:: " + text + "\nmail: a@example.org\n");
}

TEST(DirectoryLines, PicturesOfCardsAreFiles) {
  const std::string png = "\x89PNG\r\n\x1a\n" + Noise(2000);
  std::string folded = Base64(png, SIZE_MAX);
  for (std::size_t at = 75; at < folded.size(); at += 78) folded.insert(at, "\r\n ");
  const RecordingSink sink =
      ReadEveryCut({"", "", "BEGIN:VCARD\r\nPHOTO;ENCODING=b;TYPE=PNG:" + folded + "\r\nTEL:+49\r\nEND:VCARD\r\n"});
  EXPECT_EQ(sink.files.at(0).magic, "png");
  EXPECT_EQ(sink.files.at(0).size, png.size());
  EXPECT_NE(sink.Unnamed().find("\r\nTEL:+49\r\n"), std::string::npos);
}

TEST(DirectoryLines, TruncatedAnywhere) {
  const std::string card =
      "BEGIN:VCARD\r\nN;ENCODING=QUOTED-PRINTABLE:M=C3=BC=\r\nller\r\nNOTE:a\\\\\r\n b\\n\r\nEND:VCARD\r\n";
  const std::string ldif = "dn:: Y249SsO8cmdlbg==\r\nsn:: TcO8\r\n bGxlcg==\r\n";
  for (std::size_t cut = 1; cut < card.size(); ++cut) EXPECT_LE(Card(card.substr(0, cut)).size(), cut);
  for (std::size_t cut = 1; cut < ldif.size(); ++cut) EXPECT_LE(Ldif(ldif.substr(0, cut)).size(), cut);
}

}  // namespace
}  // namespace gander::content
