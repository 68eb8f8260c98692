#include "vitrispin/app/command_line.hpp"

int main(int argc, char** argv) {
  return vitrispin::app::command_line(argc, argv);
}
