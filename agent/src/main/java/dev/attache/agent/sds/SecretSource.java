package dev.attache.agent.sds;

import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import java.io.IOException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Where secrets come from, by name. Any thread. */
interface SecretSource {

    /**
     * The secret as it is now; may read files.
     *
     * @return null where it is still to come: listeners are told when it is there
     * @throws IOException if there is none, in words
     */
    @Nullable Secret secret(String name) throws IOException;

    /** Is told the name of each secret that has changed. */
    void listen(Consumer<String> changed);
}
