package dev.attache.proxy.network.http.request;

import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.matching.CidrRange;
import java.util.List;

/** An {@code original_ip_detection_extensions} entry. */
public sealed interface OriginalIpDetection {
    /** {@code xff}: hops from the right, or trusted ranges. */
    record Xff(int trustedHops, List<CidrRange> trustedCidrs, boolean skipAppend)
            implements OriginalIpDetection {}

    /** {@code custom_header}; a missing or bad header is refused with a status when set. */
    record CustomHeader(HeaderName header, boolean trusted, int rejectStatus)
            implements OriginalIpDetection {}
}
