/*
 * binding.h: how libraries are loaded, so that they find what they were linked
 * with.
 */
#ifndef SECSCAN_NODE_BINDING_H
#define SECSCAN_NODE_BINDING_H

/* Load a library that stands beside the caller; as dlopen. */
void *binding_load(const char *name);

#endif
