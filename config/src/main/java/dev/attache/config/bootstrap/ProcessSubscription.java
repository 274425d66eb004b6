package dev.attache.config.bootstrap;

import com.google.protobuf.ByteString;
import dev.attache.proxy.stats.Scope;
import io.envoyproxy.envoy.config.core.v3.ConfigSource;
import java.util.List;

/**
 * Resources of a kind of its own that a bootstrap extension wants all of, while the process lives:
 * what its factory compiles to. Nobody waits for the first ones. Once the process runs its methods
 * are called on the main loop alone.
 */
public interface ProcessSubscription {

    ConfigSource source();

    /** Full name of the resources' message. */
    String messageType();

    /** Of its statistics, and those of the subscription; ends in a dot. */
    String statPrefix();

    /** First call: the process runs, and is about to subscribe. */
    void start(Scope stats);

    /**
     * These are all there are.
     *
     * @throws IllegalArgumentException why the control plane is told that they are refused
     */
    void replace(List<ByteString> resources);

    /**
     * What has changed.
     *
     * @param removed names of resources
     * @throws IllegalArgumentException as of {@link #replace}
     */
    void change(List<ByteString> changed, List<String> removed);
}
