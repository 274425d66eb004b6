package dev.attache.proxy.router;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.ResetReason;
import dev.attache.proxy.stream.StreamInfo;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

final class RouterLogTest {

    private static final int CALLS = 10_000;

    @Test
    void buildsNothingWhileItIsOff() {
        ConnectionInfo connection =
                new ConnectionInfo(
                        1, 0, 0, IpAddress.parse("10.0.0.1", 80), IpAddress.parse("10.0.0.2", 5));
        StreamInfo info = new StreamInfo(connection, 0, 0);
        Headers request = new Headers();
        request.add(HeaderName.PATH, "/a");
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        say(info, request);
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < CALLS; i++) {
            say(info, request);
        }
        // Less than a byte a call: what is left is what measuring costs.
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(CALLS);
    }

    private static void say(StreamInfo info, Headers request) {
        RouterLog.noRoute(info, request);
        RouterLog.clusterMatch(info, "web", request);
        RouterLog.request(info, request);
        RouterLog.poolReady(info, info.downstream());
        RouterLog.responseHeaders(info, request, true);
        RouterLog.reset(info, ResetReason.REMOTE_RESET, null);
        RouterLog.retrying(info);
    }
}
