/*
 * list_tree.c: print the files that a tree scan would read, each ended by a
 * NUL; what is not scanned with "!reason " before it. Options: -i ignored files
 * too, -f follow symbolic links.
 */
#include "source/tree.h"

#include <stdio.h>

static int list(const char *path, unsigned flags, ss_seen *seen)
{
    secscan_error err = {0};
    ss_tree_entry entry;
    ss_tree *tree = NULL;
    int rc = ss_tree_new(&tree, path, flags, seen, &err);

    if (!rc)
        rc = ss_tree_next(tree, &entry, &err);
    while (rc > 0) {
        if (entry.reason)
            printf("!%s ", entry.reason);
        fwrite(entry.path, 1, entry.path_len + 1, stdout);
        rc = ss_tree_next(tree, &entry, &err);
    }
    if (rc)
        fprintf(stderr, "%s\n", err.message);
    ss_tree_free(tree);
    return rc;
}

int main(int argc, char **argv)
{
    ss_seen seen = SS_SEEN_INIT;
    unsigned flags = 0;
    int rc = 0;

    for (int i = 1; !rc && i < argc; i++) {
        if (!strcmp(argv[i], "-i"))
            flags |= SS_TREE_IGNORED;
        else if (!strcmp(argv[i], "-f"))
            flags |= SS_TREE_FOLLOW;
        else
            rc = list(argv[i], flags, argc > 2 ? &seen : NULL);
    }
    ss_seen_release(&seen);
    return rc ? 1 : 0;
}
