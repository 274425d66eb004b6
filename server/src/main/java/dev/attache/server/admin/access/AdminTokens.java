package dev.attache.server.admin.access;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tokens of {@code --admin-token-file}, one a line, any of which is good: while tokens are
 * changed, the old and the new one. Read again once the file changes; what cannot be read leaves
 * those that were there. What is compared are digests, in constant time. Used by one thread.
 */
final class AdminTokens {

    private static final Logger LOG = LoggerFactory.getLogger("admin");
    private static final String SCHEME = "bearer ";

    private final WatchedFile file;
    private List<byte[]> digests;
    private boolean warned;

    /**
     * @throws IOException where the file cannot be read or holds no token
     */
    AdminTokens(String path) throws IOException {
        file = new WatchedFile("--admin-token-file", path);
        digests = read();
    }

    /**
     * Whether a request may pass.
     *
     * @param authorization the header field, or null
     */
    boolean allow(@Nullable String authorization) {
        refresh();
        if (authorization == null || !authorization.toLowerCase(Locale.ROOT).startsWith(SCHEME)) {
            return false;
        }
        byte[] given = digest(authorization.substring(SCHEME.length()).strip());
        boolean good = false;
        for (byte[] digest : digests) {
            good |= MessageDigest.isEqual(digest, given);
        }
        return good;
    }

    private void refresh() {
        if (!file.isStale()) {
            return;
        }
        try {
            digests = read();
            warned = false;
            LOG.info("{}: read again", file);
        } catch (IOException e) {
            if (!warned) {
                LOG.warn("the tokens of the admin port stay: {}", e.getMessage());
                warned = true;
            }
        }
    }

    private List<byte[]> read() throws IOException {
        List<byte[]> read = new ArrayList<>();
        String text = new String(file.read(), StandardCharsets.ISO_8859_1);
        for (String line : text.lines().map(String::strip).toList()) {
            if (line.isEmpty()) {
                continue;
            }
            if (!line.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
                throw new IOException(
                        file + " holds a line that is no token: one word of visible ASCII");
            }
            read.add(digest(line));
        }
        if (read.isEmpty()) {
            throw new IOException(file + " holds no token: one a line");
        }
        return read;
    }

    private static byte[] digest(String token) {
        try {
            return MessageDigest.getInstance("SHA-256")
                    .digest(token.getBytes(StandardCharsets.ISO_8859_1));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
