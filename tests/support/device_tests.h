#pragma once

namespace pumice::test {

/// For main(): turns what add_device_test() collected into tests, one for each device.
void register_device_tests();

/// For main(): destroys the devices, so that their drivers are unloaded before the process ends.
void close_devices();

}  // namespace pumice::test
