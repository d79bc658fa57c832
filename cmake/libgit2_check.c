/* libgit2_check.c: does libgit2.a link with cli/no_net.c? */
#include <git2.h>

int main(void)
{
    git_repository *repository = NULL;

    git_libgit2_init();
    git_repository_open_ext(&repository, ".", 0, NULL);
    git_repository_free(repository);
    return git_libgit2_shutdown();
}
