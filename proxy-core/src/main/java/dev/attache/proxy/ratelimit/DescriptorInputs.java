package dev.attache.proxy.ratelimit;

import dev.attache.proxy.http.Headers;
import dev.attache.proxy.stream.StreamInfo;
import org.jspecify.annotations.Nullable;

/** What descriptors of one request are made of. Loop-confined; what it gives may change. */
public interface DescriptorInputs {

    Headers requestHeaders();

    StreamInfo info();

    /** {@code --service-cluster} or {@code node.cluster}. */
    String nodeCluster();

    /** The cluster that the request goes to, or null where it goes to none. */
    @Nullable String destinationCluster();
}
