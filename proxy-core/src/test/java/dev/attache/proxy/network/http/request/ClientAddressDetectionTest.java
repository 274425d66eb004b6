package dev.attache.proxy.network.http.request;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.address.Address;
import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.address.PipeAddress;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.matching.CidrRange;
import dev.attache.proxy.network.http.request.ClientAddressDetection.Detected;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ClientAddressDetectionTest {

    private static final CidrRange TEN = new CidrRange(ip("10.0.0.0").ip(), 8);

    @Test
    void theRightmostAddressIsTheClient() {
        assertThat(ClientAddressDetection.fromXff(xff("1.1.1.1, 2.2.2.2"), 0))
                .isEqualTo(new Detected(ip("2.2.2.2"), false, 0));
        assertThat(ClientAddressDetection.fromXff(xff("1.1.1.1"), 0))
                .isEqualTo(new Detected(ip("1.1.1.1"), true, 0));
        assertThat(ClientAddressDetection.fromXff(xff("1.1.1.1, 2001:db8::1"), 0).address())
                .isEqualTo(ip("2001:db8::1"));
    }

    @Test
    void trustedHopsAreSkippedFromTheRight() {
        Headers request = xff("1.1.1.1,2.2.2.2,3.3.3.3");
        assertThat(ClientAddressDetection.fromXff(request, 1).address()).isEqualTo(ip("2.2.2.2"));
        assertThat(ClientAddressDetection.fromXff(request, 2).address()).isEqualTo(ip("1.1.1.1"));
        assertThat(ClientAddressDetection.fromXff(request, 3)).isEqualTo(Detected.NOTHING);
    }

    @Test
    void severalLinesCountAsOneList() {
        Headers request = xff("1.1.1.1");
        request.add(HeaderName.X_FORWARDED_FOR, "2.2.2.2");
        assertThat(ClientAddressDetection.fromXff(request, 0))
                .isEqualTo(new Detected(ip("2.2.2.2"), false, 0));
        assertThat(ClientAddressDetection.fromXff(request, 1).address()).isEqualTo(ip("1.1.1.1"));
    }

    @Test
    void whatIsNoAddressSaysNothing() {
        for (String value :
                new String[] {"", ",", "name.example", "1.1.1.1,", "1.1.1", "a b", "01.1.1.1"}) {
            assertThat(ClientAddressDetection.fromXff(xff(value), 0))
                    .as(value)
                    .isEqualTo(Detected.NOTHING);
        }
        assertThat(ClientAddressDetection.fromXff(new Headers(), 0)).isEqualTo(Detected.NOTHING);
    }

    @Test
    void trustedRangesAreWalkedFromTheRight() {
        ClientAddress options = options(new OriginalIpDetection.Xff(0, List.of(TEN), true));
        Headers request = xff("9.9.9.9,8.8.8.8,10.1.1.1,10.2.2.2");
        assertThat(ClientAddressDetection.detect(options, request, ip("10.3.3.3")).address())
                .isEqualTo(ip("8.8.8.8"));
        assertThat(ClientAddressDetection.detect(options, request, ip("11.3.3.3")))
                .isEqualTo(Detected.NOTHING);
        assertThat(
                        ClientAddressDetection.detect(
                                        options, xff("10.1.1.1,10.2.2.2"), ip("10.3.3.3"))
                                .address())
                .isEqualTo(ip("10.1.1.1"));
    }

    @Test
    void anExtensionMayHaveThePeerAppended() {
        ClientAddress options = options(new OriginalIpDetection.Xff(0, List.of(), false));
        assertThat(ClientAddressDetection.detect(options, xff("1.1.1.1"), ip("10.0.0.1")))
                .isEqualTo(new Detected(ip("1.1.1.1"), true, 0, true));
        assertThat(ClientAddressDetection.detect(options, new Headers(), ip("10.0.0.1")))
                .isEqualTo(Detected.NOTHING.appending());
    }

    @Test
    void aMappedAddressIsNotTheOneInIt() {
        Detected mapped = ClientAddressDetection.fromXff(xff("::ffff:10.1.1.1"), 0);
        assertThat(mapped.address()).isEqualTo(ip("::ffff:10.1.1.1"));
        assertThat(ClientAddressDetection.isInternal(options(), ip("::ffff:10.1.1.1"))).isFalse();
    }

    @Test
    void aCustomHeaderMayRejectAndComesInTurn() {
        HeaderName name = HeaderName.of("x-client");
        ClientAddress rejecting = options(new OriginalIpDetection.CustomHeader(name, true, 403));
        Headers request = new Headers();
        assertThat(ClientAddressDetection.detect(rejecting, request, ip("10.0.0.1")).rejectStatus())
                .isEqualTo(403);
        request.add(name, "7.7.7.7");
        assertThat(ClientAddressDetection.detect(rejecting, request, ip("10.0.0.1")))
                .isEqualTo(new Detected(ip("7.7.7.7"), true, 0));
        ClientAddress both =
                options(
                        new OriginalIpDetection.CustomHeader(name, false, 0),
                        new OriginalIpDetection.Xff(0, List.of(), false));
        assertThat(ClientAddressDetection.detect(both, xff("1.1.1.1"), ip("10.0.0.1")).address())
                .isEqualTo(ip("1.1.1.1"));
    }

    @Test
    void internalIsWhatTheRangesSay() {
        ClientAddress options = options();
        assertThat(ClientAddressDetection.isInternal(options, ip("10.9.9.9"))).isTrue();
        assertThat(ClientAddressDetection.isInternal(options, ip("11.9.9.9"))).isFalse();
        Address pipe = new PipeAddress("/tmp/s");
        assertThat(ClientAddressDetection.isInternal(options, pipe)).isTrue();
    }

    private static ClientAddress options(OriginalIpDetection... detections) {
        return new ClientAddress(
                false,
                0,
                false,
                true,
                List.of(TEN),
                false,
                false,
                List.of(detections),
                ForwardProto.NONE);
    }

    private static Headers xff(String value) {
        Headers request = new Headers();
        request.add(HeaderName.X_FORWARDED_FOR, value);
        return request;
    }

    private static IpAddress ip(String literal) {
        return IpAddress.parse(literal, 0);
    }
}
