package dev.attache.packaging.product;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * One file, directory or symbolic link of the packages.
 *
 * @param path where it is installed, from the root, with a slash first
 * @param source where it is now
 */
record Content(String path, Path source) {
    /** Directories of the distribution's: packages may hold them, and must not own them. */
    private static final Set<String> SHARED =
            Set.of(
                    "/usr",
                    "/usr/bin",
                    "/usr/lib",
                    "/usr/lib/systemd",
                    "/usr/lib/systemd/system",
                    "/usr/share",
                    "/usr/share/doc",
                    "/usr/share/man",
                    "/usr/share/man/man1",
                    "/usr/share/man/man7",
                    "/usr/share/bash-completion",
                    "/usr/share/bash-completion/completions",
                    "/usr/share/zsh",
                    "/usr/share/zsh/vendor-completions",
                    "/usr/share/zsh/site-functions",
                    "/usr/share/lintian",
                    "/usr/share/lintian/overrides",
                    "/etc",
                    "/etc/logrotate.d",
                    "/var",
                    "/var/log");

    /** The launcher lets the proxy start from the agent's: 12 MB of a package. */
    private static final String SPARED = "/usr/lib/attache/proxy.aot";

    /** All of a tree but its root and what is spared, in order of paths. */
    static List<Content> of(Path tree) throws IOException {
        try (Stream<Path> paths = Files.walk(tree)) {
            return paths.filter(path -> !path.equals(tree))
                    .map(path -> new Content("/" + tree.relativize(path), path))
                    .filter(content -> !content.path().equals(SPARED))
                    .sorted(Comparator.comparing(Content::path))
                    .toList();
        }
    }

    boolean isLink() {
        return Files.isSymbolicLink(source);
    }

    boolean isDirectory() {
        return !isLink() && Files.isDirectory(source);
    }

    boolean isShared() {
        return SHARED.contains(path);
    }

    /** Whether an administrator changes it, and an upgrade must not. */
    boolean isConfiguration() {
        return path.startsWith("/etc/") && !isDirectory();
    }

    boolean isDocument() {
        return path.startsWith("/usr/share/doc/") || path.startsWith("/usr/share/man/");
    }

    /** What a link leads to. */
    String target() throws IOException {
        return Files.readSymbolicLink(source).toString();
    }

    /** Permissions: those of the source as far as it is a program or not. */
    int mode() {
        if (isDirectory()) {
            return 0755;
        }
        // Only programs; libraries are mapped, not run.
        return Files.isExecutable(source) && !path.endsWith(".so") ? 0755 : 0644;
    }
}
