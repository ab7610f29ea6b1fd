#pragma once

namespace dflare::report {

/// page.html, page.css and page.js, which the build makes part of the program.
extern const char* const page_template;
extern const char* const page_style;
extern const char* const page_script;

}  // namespace dflare::report
