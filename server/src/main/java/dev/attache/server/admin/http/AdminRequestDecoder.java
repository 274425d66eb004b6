package dev.attache.server.admin.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import java.util.List;

/**
 * Reads requests to the admin listener. Judges each head as it came, before Netty's aggregator
 * changes it, and refuses what says its length in two ways (RFC 9112 section 6.1), where Netty's
 * decoder would repair it. One per connection.
 */
public final class AdminRequestDecoder extends HttpRequestDecoder {

    /** Envoy's {@code max_request_headers_kb}, the request line included. */
    static final int MAX_HEAD = 60 * 1024;

    public AdminRequestDecoder() {
        super(new HttpDecoderConfig().setMaxInitialLineLength(MAX_HEAD).setMaxHeaderSize(MAX_HEAD));
    }

    /** A line without a version is one of HTTP/0.9, which is refused as such. */
    @Override
    protected HttpMessage createMessage(String[] initialLine) throws Exception {
        if (initialLine[2].isEmpty()) {
            initialLine[2] = "HTTP/0.9";
        }
        return super.createMessage(initialLine);
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf buffer, List<Object> out)
            throws Exception {
        super.decode(ctx, buffer, out);
        for (int i = 0; i < out.size(); i++) {
            if (out.get(i) instanceof HttpRequest request) {
                AdminAdmission.Refusal refusal = AdminAdmission.ofHead(request);
                if (refusal != null) {
                    request.setDecoderResult(
                            DecoderResult.failure(new AdminAdmission.Refused(refusal)));
                }
            }
        }
    }

    @Override
    protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
        throw new IllegalArgumentException(
                "a request must not have both transfer-encoding and content-length");
    }
}
