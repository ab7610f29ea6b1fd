#include "program/plain_text.hpp"

#include <gtest/gtest.h>

namespace dflare::test {
namespace {

TEST(OneLineUtf8, LeavesTextAsItIs) {
  for (const char* text : {"", "cat's \"1\" <b> & %20\\", "d\xc3\xa9j\xc3\xa0", "\xe7\x8c\xab",
                           "\xf0\x9f\x90\x88", "\xed\x9f\xbf", "\xf4\x8f\xbf\xbd"})
    EXPECT_EQ(one_line_utf8(text), text);
}

TEST(OneLineUtf8, ReplacesEachByteThatIsNone) {
  const std::string no = "\xef\xbf\xbd";
  EXPECT_EQ(one_line_utf8("a\xff"
                          "b"),
            "a" + no + "b");
  EXPECT_EQ(one_line_utf8("caf\xe9"), "caf" + no);  // Latin-1
  EXPECT_EQ(one_line_utf8("\xc3"), no);             // cut
  EXPECT_EQ(one_line_utf8("\xe7\x8c"), no + no);    // cut
  EXPECT_EQ(one_line_utf8("\xe7\x8c"
                          "x"),
            no + no + "x");                                         // cut
  EXPECT_EQ(one_line_utf8("\x80"), no);                             // begins nothing
  EXPECT_EQ(one_line_utf8("\xc0\xaf"), no + no);                    // longer than needed
  EXPECT_EQ(one_line_utf8("\xe0\x80\xaf"), no + no + no);           // likewise
  EXPECT_EQ(one_line_utf8("\xf0\x80\x80\xaf"), no + no + no + no);  // likewise
  EXPECT_EQ(one_line_utf8("\xed\xa0\x80"), no + no + no);           // a surrogate
  EXPECT_EQ(one_line_utf8("\xf4\x90\x80\x80"), no + no + no + no);  // beyond Unicode
  EXPECT_EQ(one_line_utf8("\xf8\x88\x80\x80\x80"), no + no + no + no + no);
  EXPECT_EQ(one_line_utf8("\xef\xbf\xbe\xef\xbf\xbf"), no + no);  // which XML does not take
}

TEST(OneLineUtf8, IsOneLineWithoutControlCharacters) {
  EXPECT_EQ(one_line_utf8("a\nb\r\nc\td\ve\ff"), "a b  c d e f");
  EXPECT_EQ(one_line_utf8("a\xc2\x85"
                          "b\xe2\x80\xa8"
                          "c\xe2\x80\xa9"
                          "d"),
            "a b c d");
  EXPECT_EQ(one_line_utf8("\x1b[31mred\x7f\x01"), "\\x1b[31mred\\x7f\\x01");
  EXPECT_EQ(one_line_utf8(std::string_view("\0x", 2)), "\\x00x");
  EXPECT_EQ(one_line_utf8("\xc2\x9b"
                          "31m"),
            "\\x9b31m");
  EXPECT_EQ(one_line_utf8("gnp.\xe2\x80\xae"
                          "cat\xe2\x81\xa6"),
            "gnp.\\u202ecat\\u2066");
}

TEST(LinesUtf8, KeepsTheEndsOfLinesAlone) {
  EXPECT_EQ(lines_utf8("a\nb\r\n\tc\x1b\xff\xe2\x80\xa8"
                       "d"),
            "a\nb \n c\\x1b\xef\xbf\xbd d");
}

}  // namespace
}  // namespace dflare::test
