#include "native/commands/command_line.h"
#include "native/devices/devices.h"

int main(int argc, char** argv) {
  return pumice::commands::run_command_line(argc, argv, pumice::all_devices());
}
