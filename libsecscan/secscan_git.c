/*
 * secscan_git.c: public entry points of libsecscan-git.
 */
#include <secscan_git.h>
