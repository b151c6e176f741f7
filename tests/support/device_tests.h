#pragma once

namespace pumice::test {

/// For main(): makes tests of what add_device_test() collected, one for each device.
void register_device_tests();

/// For main(): destroys the devices, so that their drivers go before the process does.
void close_devices();

}  // namespace pumice::test
