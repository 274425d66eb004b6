package dev.attache.proxy.network.http.request;

import dev.attache.proxy.matching.CidrRange;
import java.util.List;

/**
 * Who the client is.
 *
 * @param xffNumTrustedHops {@code xff_num_trusted_hops}
 * @param internalCidrs {@code internal_address_config}; empty: nobody is internal
 * @param userAgentStats {@code add_user_agent}
 * @param forwardProto what restored destinations say of the scheme
 * @param toldUpstream {@code add_proxy_protocol_connection_state}
 */
public record ClientAddress(
        boolean useRemoteAddress,
        int xffNumTrustedHops,
        boolean skipXffAppend,
        boolean internalUnixSockets,
        List<CidrRange> internalCidrs,
        boolean addUserAgent,
        boolean representIpv4AsIpv4MappedIpv6,
        List<OriginalIpDetection> detections,
        ForwardProto forwardProto,
        boolean toldUpstream) {

    /** Of a client that upstreams may be told of. */
    public ClientAddress(
            boolean useRemoteAddress,
            int xffNumTrustedHops,
            boolean skipXffAppend,
            boolean internalUnixSockets,
            List<CidrRange> internalCidrs,
            boolean addUserAgent,
            boolean representIpv4AsIpv4MappedIpv6,
            List<OriginalIpDetection> detections,
            ForwardProto forwardProto) {
        this(
                useRemoteAddress,
                xffNumTrustedHops,
                skipXffAppend,
                internalUnixSockets,
                internalCidrs,
                addUserAgent,
                representIpv4AsIpv4MappedIpv6,
                detections,
                forwardProto,
                true);
    }
}
