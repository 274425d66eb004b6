package dev.attache.agent.identity;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Who this workload is: a key and a certificate that is replaced before it expires, or when its
 * files change. What was there is kept until its successor is. Any thread; listeners are called on
 * the identity's own thread, one after the other, and may not block it for long.
 */
public interface WorkloadIdentity extends AutoCloseable {

    /** Begins to get the first one, and to replace it for ever after. Returns at once. */
    void start();

    /** The newest; null before the first. */
    @Nullable Identity current();

    /** Is told each new one, and the one that is there already. */
    void listen(Consumer<Identity> listener);

    /** Has a new one made as soon as it can be; of files nothing. */
    void renew();

    /** What to tell an operator. */
    IdentityState state();

    @Override
    void close();
}
