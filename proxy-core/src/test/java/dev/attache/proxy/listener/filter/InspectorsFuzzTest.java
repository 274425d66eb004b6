package dev.attache.proxy.listener.filter;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * What looks at the first bytes of strangers: no exception, no read beyond the bytes, a verdict that
 * does not depend on how they were cut.
 */
class InspectorsFuzzTest {

    @FuzzTest(maxDuration = "10s")
    void client_hello(byte[] bytes) {
        ClientHello whole = ClientHello.read(Unpooled.wrappedBuffer(bytes));
        for (int length = 1; length < Math.min(bytes.length, 256); length++) {
            ClientHello.Outcome part =
                    ClientHello.read(Unpooled.wrappedBuffer(bytes, 0, length)).outcome();
            if (part != ClientHello.Outcome.NEED_MORE && part != whole.outcome()) {
                throw new IllegalStateException(part + " became " + whole.outcome());
            }
        }
    }

    @FuzzTest(maxDuration = "10s")
    void proxy_header(byte[] bytes) {
        ByteBuf data = Unpooled.wrappedBuffer(bytes);
        ProxyHeaderParser parser = new ProxyHeaderParser();
        if (parser.read(data) == ProxyHeaderParser.Result.FOUND
                && (parser.length() <= 0 || parser.length() > bytes.length)) {
            throw new IllegalStateException("length " + parser.length());
        }
    }

    @FuzzTest(maxDuration = "10s")
    void http(byte[] bytes) {
        HttpInspectorSpec.Kind whole = HttpInspectorSpec.detect(Unpooled.wrappedBuffer(bytes));
        for (int length = 1; length < Math.min(bytes.length, 256); length++) {
            HttpInspectorSpec.Kind part =
                    HttpInspectorSpec.detect(Unpooled.wrappedBuffer(bytes, 0, length));
            if (part != HttpInspectorSpec.Kind.NEED_MORE && part != whole) {
                throw new IllegalStateException(part + " became " + whole);
            }
        }
    }
}
