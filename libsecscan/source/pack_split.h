/*
 * pack_split.h: cut the delta trees of a pack that hold too much for one
 * worker.
 */
#ifndef SS_PACK_SPLIT_H
#define SS_PACK_SPLIT_H

#include "source/pack.h"

/*
 * Cut delta trees over `most` (a weight; of git's trees over `most_trees`) into
 * parts of about that weight, which are roots of their own: pack->roots grows,
 * in its order. A part costs building its base again. What a walk over all
 * roots gives stays the same. Once a pack.
 */
int ss_pack_split(ss_pack *pack, uint64_t most, uint64_t most_trees,
                  secscan_error *err);

#endif
