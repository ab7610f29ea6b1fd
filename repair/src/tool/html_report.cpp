#include "tool/html_report.hpp"

#include <boost/filesystem/path.hpp>

#include "report/page.hpp"
#include "report/read_results.hpp"

namespace dflare::repair {

void write_html_report(const Settings& settings) {
  const boost::filesystem::path out(settings.out);
  report::Report report = report::read_results({out.string()});
  report.title =
      "Repair of " + boost::filesystem::path(settings.compressed.name()).filename().string();
  report::write_page(report, (out / "report.html").string());
}

}  // namespace dflare::repair
