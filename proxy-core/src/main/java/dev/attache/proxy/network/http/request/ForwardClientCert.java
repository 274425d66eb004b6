package dev.attache.proxy.network.http.request;

import dev.attache.proxy.matching.MatchTree;
import dev.attache.proxy.stream.HttpMatchData;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code forward_client_cert_details}.
 *
 * @param json the {@code format} of what we say, where nobody before us has said anything
 * @param matcher {@code forward_client_cert_matcher}: picks others by the request; where it picks
 *     none, these hold. Null = there is none
 */
public record ForwardClientCert(
        XfccMode mode,
        Set<XfccDetail> details,
        boolean json,
        @Nullable MatchTree<HttpMatchData, ForwardClientCert> matcher) {
    public ForwardClientCert(XfccMode mode, Set<XfccDetail> details) {
        this(mode, details, false, null);
    }
}
