#pragma once

/// Text files that go into every report; the build writes them out as strings (cmake/EmbedText.cmake).
namespace vitrispin::io::assets {

extern const char* const style_sheet;
extern const char* const script;
extern const char* const heat_map_script;
extern const char* const field_map_script;
extern const char* const geometry_script;
extern const char* const texture_script;
extern const char* const uplot_style_sheet;
extern const char* const uplot_script;
extern const char* const uplot_licence;

}  // namespace vitrispin::io::assets
