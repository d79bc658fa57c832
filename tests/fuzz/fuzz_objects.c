/*
 * fuzz_objects.c: commits, tags and trees as bytes: what is taken out of them
 * lies inside them. The first byte chooses the kind and the length of ids.
 */
#include "fuzz.h"

#include "source/git_header.h"

#include <stdlib.h>

static void check_inside(ss_bytes part, ss_bytes whole)
{
    if (part.len && (part.data < whole.data ||
                     part.data + part.len > whole.data + whole.len))
        abort();
}

/* Blanks stand where something stood, and nothing else changes. */
static void fuzz_header(ss_bytes bytes, size_t id_len)
{
    ss_buf rest = SS_BUF_INIT(SIZE_MAX / 4);

    if (ss_git_header_rest(&rest, bytes, id_len) || rest.len > bytes.len)
        abort();
    for (size_t i = 0; i < rest.len; i++) {
        if (rest.data[i] != bytes.data[i] && rest.data[i] != ' ')
            abort();
    }
    ss_buf_release(&rest);
}

static void fuzz_commit(ss_bytes bytes, size_t id_len)
{
    ss_git_commit commit;
    ss_oid parent;

    fuzz_header(bytes, id_len);
    if (ss_git_commit_parse(&commit, bytes, id_len))
        return;
    check_inside(commit.author.whole, bytes);
    check_inside(commit.committer.whole, bytes);
    check_inside(commit.message, bytes);
    while (ss_git_parent_next(&parent, &commit.parents, id_len) > 0)
        ;
}

static void fuzz_tag(ss_bytes bytes, size_t id_len)
{
    ss_git_tag tag;

    fuzz_header(bytes, id_len);
    if (ss_git_tag_parse(&tag, bytes, id_len))
        return;
    check_inside(tag.tagger.whole, bytes);
    check_inside(tag.message, bytes);
}

static void fuzz_tree(ss_bytes bytes, size_t id_len)
{
    ss_bytes rest = bytes;
    ss_git_entry entry;

    while (ss_git_entry_next(&entry, &rest, id_len) > 0)
        check_inside(entry.name, bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    size_t id_len;
    ss_bytes bytes;

    if (!len)
        return 0;
    id_len = data[0] & 4 ? 32 : 20;
    bytes = ss_bytes_of(data + 1, len - 1);
    switch (data[0] & 3) {
    case 0:
        fuzz_commit(bytes, id_len);
        break;
    case 1:
        fuzz_tag(bytes, id_len);
        break;
    default:
        fuzz_tree(bytes, id_len);
        break;
    }
    return 0;
}
