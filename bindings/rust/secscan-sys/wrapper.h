/* What src/bindings.rs is generated from: the public headers, and no others. */
#include <secscan.h>
#include <secscan_containers.h>
#include <secscan_git.h>
