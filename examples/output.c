/* SPDX-License-Identifier: Apache-2.0 */
#define _XOPEN_SOURCE 700 /* realpath() that allocates */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "output.h"

static bool failed(struct output *output)
{
    if (output->error == 0)
        output->error = errno != 0 ? errno : EIO;
    return false;
}

static bool open_direct(struct output *output, const char *path)
{
    const int descriptor = open(path, O_WRONLY | O_CLOEXEC);

    if (descriptor < 0)
        return failed(output);
    output->file = fdopen(descriptor, "w");
    if (output->file == NULL) {
        failed(output);
        close(descriptor);
        return false;
    }
    return true;
}

/* A name nobody has in the folder of `path`, created with `mode`. */
static int create_temporary(struct output *output, mode_t mode)
{
    const size_t space = strlen(output->path) + 48;

    output->temporary = malloc(space);
    if (output->temporary == NULL)
        return -1;
    for (int attempt = 0; attempt < 1000; attempt++) {
        int descriptor;
        snprintf(output->temporary, space, "%s.part-%ld-%d", output->path, (long)getpid(), attempt);
        descriptor = open(output->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
        if (descriptor >= 0 || errno != EEXIST)
            return descriptor;
    }
    return -1;
}

static bool open_staged(struct output *output, const struct stat *old)
{
    const int descriptor = create_temporary(output, 0666);

    if (descriptor < 0) {
        failed(output);
        free(output->temporary); /* not ours to remove */
        output->temporary = NULL;
        return false;
    }
    if (old != NULL && fchmod(descriptor, old->st_mode & 07777) != 0)
        failed(output);
    output->file = fdopen(descriptor, "w");
    if (output->file == NULL) {
        failed(output);
        close(descriptor);
    }
    return output->error == 0;
}

bool output_open(struct output *output, const char *path)
{
    struct stat old;
    const bool exists = stat(path, &old) == 0;

    *output = (struct output){NULL, NULL, NULL, 0};
    errno = 0;
    if (exists && S_ISDIR(old.st_mode)) {
        errno = EISDIR;
        return failed(output);
    }
    if (exists && !S_ISREG(old.st_mode))
        return open_direct(output, path);
    if (exists && access(path, W_OK) != 0) /* rename() would replace even a file that may not be written */
        return failed(output);
    output->path = exists ? realpath(path, NULL) : strdup(path); /* through a link, not over it */
    if (output->path == NULL)
        return failed(output);
    return open_staged(output, exists ? &old : NULL);
}

int32_t output_write(void *user, const char *bytes, int64_t length)
{
    struct output *output = user;

    errno = 0;
    if (fwrite(bytes, 1, (size_t)length, output->file) == (size_t)length)
        return 0;
    failed(output);
    return 1;
}

bool output_complete(struct output *output)
{
    FILE *file = output->file;

    output->file = NULL;
    errno = 0;
    if (fclose(file) != 0)
        return failed(output);
    return output->error == 0;
}

bool output_commit(struct output *output)
{
    if (output->temporary == NULL)
        return true;
    errno = 0;
    if (rename(output->temporary, output->path) != 0)
        return failed(output);
    free(output->temporary);
    output->temporary = NULL;
    return true;
}

void output_discard(struct output *output)
{
    if (output->file != NULL)
        fclose(output->file);
    if (output->temporary != NULL)
        unlink(output->temporary);
    free(output->temporary);
    free(output->path);
    *output = (struct output){NULL, NULL, NULL, 0};
}
