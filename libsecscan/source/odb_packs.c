/*
 * odb_packs.c: list packs, open them on demand, close the ones that nobody uses
 * when too many are open. A pack that has been seen stays known: `git gc` may
 * take its file away and bring it back.
 */
#include "odb_packs.h"

#include "base/alloc.h"
#include "os/dir.h"
#include "source/alternates.h"

#define MAX_OPEN_PACKS 256u
#define MAX_PATH_LEN ((size_t)1 << 16)

/* ---- listing ---------------------------------------------------------- */

static int add_pack(ss_odb_packs *packs, ss_bytes path, int *is_changed)
{
    ss_map_entry *known = ss_map_get(&packs->by_path, path);
    ss_odb_pack *pack;

    if (known) {
        pack = packs->packs.at[known->value.num];
        *is_changed |= pack->is_gone;
        pack->is_gone = 0;
        return 0;
    }
    pack = ss_arena_alloc(&packs->arena, sizeof(*pack));
    if (!pack)
        return SECSCAN_ERR_NOMEM;
    *pack = (ss_odb_pack){.file = SS_PACK_FILE_INIT};
    pack->index_path =
        ss_arena_str(&packs->arena, (const char *)path.data, path.len);
    pack->path =
        ss_arena_str(&packs->arena, (const char *)path.data, path.len + 1);
    if (!pack->index_path || !pack->path)
        return SECSCAN_ERR_NOMEM;
    memcpy(pack->path + path.len - 3, "pack", 5);
    known = ss_map_put(&packs->by_path, ss_bytes_of(pack->index_path, path.len),
                       NULL);
    if (!known)
        return SECSCAN_ERR_NOMEM;
    known->value.num = packs->packs.len;
    *is_changed = 1;
    return SS_VEC_PUSH(&packs->packs, pack) ? SECSCAN_ERR_NOMEM : 0;
}

static int is_index(const char *name)
{
    size_t len = strlen(name);

    return len > 4 && strcmp(name + len - 4, ".idx") == 0;
}

/* A directory that cannot be read is told by the listing of a history. */
static int list_dir(ss_odb_packs *packs, const char *objects_dir,
                    int *is_changed)
{
    ss_buf path = SS_BUF_INIT(MAX_PATH_LEN);
    ss_dir dir = SS_DIR_INIT;
    const char *name, *why;
    ss_file_kind kind;
    size_t len;
    int rc = 0;

    ss_buf_puts(&path, objects_dir);
    ss_buf_puts(&path, "pack/");
    len = path.len;
    ss_buf_putc(&path, '\0');
    if (path.failed)
        rc = SECSCAN_ERR_NOMEM;
    else if (ss_dir_open(&dir, (const char *)path.data, 1, &why))
        goto out;
    while (!rc && ss_dir_next(&dir, &name, &kind, &why) > 0) {
        path.len = len;
        if (!is_index(name))
            continue;
        ss_buf_add(&path, name, strlen(name) + 1);
        if (path.failed)
            rc = SECSCAN_ERR_NOMEM;
        else
            rc = add_pack(packs, ss_bytes_of(path.data, path.len - 1),
                          is_changed);
    }
out:
    ss_dir_close(&dir);
    ss_buf_release(&path);
    return rc;
}

int ss_odb_packs_refresh(ss_odb_packs *packs)
{
    int rc = 0, is_changed = 0;

    ss_mutex_lock(&packs->lock);
    for (size_t i = 0; !rc && i < packs->dirs.len; i++)
        rc = list_dir(packs, packs->dirs.at[i], &is_changed);
    ss_mutex_unlock(&packs->lock);
    return rc ? rc : is_changed;
}

static int add_dir(void *ctx, const char *objects_dir)
{
    ss_odb_packs *packs = ctx;
    char *dir = ss_arena_str(&packs->arena, objects_dir, strlen(objects_dir));

    return !dir || SS_VEC_PUSH(&packs->dirs, dir) ? SECSCAN_ERR_NOMEM : 0;
}

/* A quarter of the files that may be open, two a pack. */
static size_t choose_max_open(void)
{
    size_t few = ss_file_max_open() / 8;

    return few < MAX_OPEN_PACKS ? few : MAX_OPEN_PACKS;
}

int ss_odb_packs_init(ss_odb_packs *packs, const char *objects_dir,
                      size_t id_len, secscan_error *err)
{
    memset(packs, 0, sizeof(*packs));
    packs->id_len = id_len;
    packs->max_open = choose_max_open();
    if (ss_mutex_init(&packs->lock))
        return ss_fail_nomem(err);
    return ss_odb_packs_add_dir(packs, objects_dir, err);
}

int ss_odb_packs_add_dir(ss_odb_packs *packs, const char *objects_dir,
                         secscan_error *err)
{
    const ss_alternates_sink sink = {packs, add_dir, NULL};
    int rc = ss_alternates_each(objects_dir, &sink, err);

    if (!rc)
        rc = ss_odb_packs_refresh(packs);
    return rc < 0 ? ss_fail_nomem(err) : 0;
}

void ss_odb_packs_release(ss_odb_packs *packs)
{
    for (size_t i = 0; i < packs->packs.len; i++) {
        if (packs->packs.at[i]->is_open)
            ss_pack_file_release(&packs->packs.at[i]->file);
    }
    SS_VEC_RELEASE(&packs->packs);
    SS_VEC_RELEASE(&packs->dirs);
    ss_map_release(&packs->by_path);
    ss_arena_release(&packs->arena);
    ss_mutex_release(&packs->lock);
}

/* ---- use -------------------------------------------------------------- */

/* Close one that nobody uses; if all are in use there are more for a while. */
static void close_one(ss_odb_packs *packs)
{
    for (size_t i = 0; i < packs->packs.len; i++) {
        ss_odb_pack *pack;

        packs->hand = (packs->hand + 1) % packs->packs.len;
        pack = packs->packs.at[packs->hand];
        if (!pack->is_open || pack->n_users)
            continue;
        ss_pack_file_release(&pack->file);
        pack->is_open = 0;
        packs->n_open--;
        return;
    }
}

static int open_pack(ss_odb_packs *packs, ss_odb_pack *pack)
{
    int rc;

    if (pack->is_gone || pack->is_bad)
        return -1;
    if (packs->n_open >= packs->max_open)
        close_one(packs);
    rc = ss_pack_file_open(&pack->file, pack->path, pack->index_path,
                           packs->id_len, NULL);
    if (rc) {
        ss_pack_file_release(&pack->file);
        pack->is_gone = rc == SECSCAN_ERR_GIT;
        pack->is_bad = rc == SECSCAN_ERR_CORRUPT;
        return rc;
    }
    pack->is_open = 1;
    packs->n_open++;
    return 0;
}

ss_odb_pack *ss_odb_packs_use(ss_odb_packs *packs, size_t at)
{
    ss_odb_pack *pack = NULL;

    ss_mutex_lock(&packs->lock);
    if (at < packs->packs.len)
        pack = packs->packs.at[at];
    if (pack && !pack->is_open && open_pack(packs, pack))
        pack = NULL;
    if (pack)
        pack->n_users++;
    ss_mutex_unlock(&packs->lock);
    return pack;
}

void ss_odb_packs_leave(ss_odb_packs *packs, ss_odb_pack *pack)
{
    ss_mutex_lock(&packs->lock);
    pack->n_users--;
    ss_mutex_unlock(&packs->lock);
}

size_t ss_odb_packs_count(ss_odb_packs *packs)
{
    size_t n;

    ss_mutex_lock(&packs->lock);
    n = packs->packs.len;
    ss_mutex_unlock(&packs->lock);
    return n;
}

/* ---- search ----------------------------------------------------------- */

/* Objects are asked for in the order of packs: the last one likely has it. */
void ss_odb_search_begin(ss_odb_search *search, ss_odb_packs *packs)
{
    ss_mutex_lock(&packs->lock);
    *search = (ss_odb_search){packs->last, packs->packs.len, 0};
    ss_mutex_unlock(&packs->lock);
}

static void remember(ss_odb_packs *packs, size_t at)
{
    ss_mutex_lock(&packs->lock);
    packs->last = at;
    ss_mutex_unlock(&packs->lock);
}

int ss_odb_search_next(ss_odb_search *search, ss_odb_packs *packs,
                       const uint8_t *id, ss_odb_pack **out, uint64_t *offset)
{
    int rc = 0;

    for (*out = NULL; search->at < search->n; search->at++) {
        size_t at = (search->first + search->at) % search->n;
        ss_odb_pack *pack = ss_odb_packs_use(packs, at);
        int failed;

        if (!pack)
            continue;
        failed = ss_pack_file_find(&pack->file, id, offset, NULL);
        if (!failed && *offset) {
            if (search->at)
                remember(packs, at);
            search->at++;
            *out = pack;
            return 0;
        }
        rc = failed ? failed : rc;
        ss_odb_packs_leave(packs, pack);
    }
    return rc;
}
