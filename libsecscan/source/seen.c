/*
 * seen.c: names in a map that owns their bytes.
 */
#include "seen.h"

#include "os/open.h"

int ss_seen_add(ss_seen *seen, ss_bytes name, int *is_new, secscan_error *err)
{
    *is_new = 0;
    if (ss_map_get(&seen->map, name))
        return 0;
    name.data = ss_arena_copy(&seen->keys, name.data, name.len);
    if (!name.data || !ss_map_put(&seen->map, name, is_new))
        return ss_fail_nomem(err);
    return 0;
}

int ss_seen_add_inode(ss_seen *seen, const char *path, int *is_new,
                      secscan_error *err)
{
    ss_file_info info;
    uint64_t key[2];

    *is_new = 1;
    if (ss_open_stat(path, 1, &info, NULL))
        return 0; /* opening it will say more */
    key[0] = info.device;
    key[1] = info.inode;
    return ss_seen_add(seen, ss_bytes_of(key, sizeof(key)), is_new, err);
}

void ss_seen_release(ss_seen *seen)
{
    ss_map_release(&seen->map);
    ss_arena_release(&seen->keys);
}
