package dev.attache.proxy.network.http.request;

import dev.attache.proxy.address.Address;
import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.address.PipeAddress;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.matching.CidrRange;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who the client is, from the connection and {@code x-forwarded-for} (Envoy's "x-forwarded-for" and
 * {@code use_remote_address} pages). Pure.
 */
public final class ClientAddressDetection {

    /**
     * @param address the trusted client, null where the header did not say
     * @param single the header named this address alone, so that it may count as internal
     * @param rejectStatus answer with this status instead; 0 = go on
     * @param append x-forwarded-for takes the peer's address up all the same
     */
    public record Detected(
            @Nullable Address address, boolean single, int rejectStatus, boolean append) {
        static final Detected NOTHING = new Detected(null, false, 0, false);

        public Detected(@Nullable Address address, boolean single, int rejectStatus) {
            this(address, single, rejectStatus, false);
        }

        Detected appending() {
            return new Detected(address, single, rejectStatus, true);
        }
    }

    private ClientAddressDetection() {}

    /** The address {@code skip} places from the right of x-forwarded-for. */
    public static Detected fromXff(Headers request, int skip) {
        String xff = request.getJoined(HeaderName.X_FORWARDED_FOR);
        if (xff == null) {
            return Detected.NOTHING;
        }
        int end = xff.length();
        for (int i = 0; i < skip; i++) {
            end = xff.lastIndexOf(',', end - 1);
            if (end <= 0) {
                return Detected.NOTHING;
            }
        }
        int comma = xff.lastIndexOf(',', end - 1);
        Address address = parse(xff.substring(comma + 1, end).strip());
        if (address == null) {
            return Detected.NOTHING;
        }
        return new Detected(address, comma < 0 && skip == 0, 0);
    }

    /** The rightmost address that is in none of the trusted ranges. */
    private static Detected fromXffByRange(Headers request, Address peer, List<CidrRange> trusted) {
        if (!contains(trusted, peer)) {
            return Detected.NOTHING;
        }
        String xff = request.getJoined(HeaderName.X_FORWARDED_FOR);
        if (xff == null) {
            return Detected.NOTHING;
        }
        String[] hops = xff.split(",", -1);
        for (int i = hops.length - 1; i >= 0; i--) {
            Address address = parse(hops[i].strip());
            if (address == null) {
                return Detected.NOTHING;
            }
            if (i == 0 || !contains(trusted, address)) {
                return new Detected(address, hops.length == 1, 0);
            }
        }
        return Detected.NOTHING;
    }

    /** Asks the detection extensions in order, or the plain header where there are none. */
    public static Detected detect(ClientAddress options, Headers request, Address peer) {
        if (options.detections().isEmpty()) {
            return fromXff(request, options.xffNumTrustedHops());
        }
        Detected detected = Detected.NOTHING;
        for (OriginalIpDetection detection : options.detections()) {
            detected =
                    detection instanceof OriginalIpDetection.Xff xff
                            ? fromXff(xff, request, peer)
                            : fromHeader((OriginalIpDetection.CustomHeader) detection, request);
            if (detected.address != null || detected.rejectStatus != 0) {
                break;
            }
        }
        return detected;
    }

    private static Detected fromXff(OriginalIpDetection.Xff xff, Headers request, Address peer) {
        Detected detected =
                xff.trustedCidrs().isEmpty()
                        ? fromXff(request, xff.trustedHops())
                        : fromXffByRange(request, peer, xff.trustedCidrs());
        return xff.skipAppend() ? detected : detected.appending();
    }

    private static Detected fromHeader(OriginalIpDetection.CustomHeader custom, Headers request) {
        String value = request.get(custom.header());
        Address address = value == null ? null : parse(value.strip());
        return address == null
                ? new Detected(null, false, custom.rejectStatus())
                : new Detected(address, custom.trusted(), 0);
    }

    public static boolean isInternal(ClientAddress options, Address address) {
        return address instanceof PipeAddress
                ? options.internalUnixSockets()
                : contains(options.internalCidrs(), address);
    }

    private static boolean contains(List<CidrRange> ranges, Address address) {
        for (CidrRange range : ranges) {
            if (range.contains(address)) {
                return true;
            }
        }
        return false;
    }

    private static @Nullable Address parse(String literal) {
        try {
            return literal.isEmpty() ? null : IpAddress.parse(literal, 0);
        } catch (IllegalArgumentException notAnAddress) {
            return null;
        }
    }
}
