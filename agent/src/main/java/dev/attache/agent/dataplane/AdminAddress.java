package dev.attache.agent.dataplane;

import dev.attache.agent.http.HttpCall;
import dev.attache.server.admin.access.ShownToken;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where a child's administration interface and its Prometheus listener are.
 *
 * @param tokenFile the token that the interface demands, or null: {@code ATTACHE_ADMIN_TOKEN_FILE},
 *     which the child reads, too
 */
public record AdminAddress(
        String host, int adminPort, int prometheusPort, @Nullable Path tokenFile) {

    /** Of an interface that demands nothing. */
    public AdminAddress(String host, int adminPort, int prometheusPort) {
        this(host, adminPort, prometheusPort, null);
    }

    /**
     * Shows the token, if there is one, to the interface alone. The file is read for each request,
     * as the child looks at it for each.
     *
     * @throws IOException where the file cannot be read
     */
    HttpCall authorized(HttpCall call) throws IOException {
        if (tokenFile != null) {
            call.fields().set("Authorization", "Bearer " + ShownToken.of(tokenFile));
        }
        return call;
    }
}
