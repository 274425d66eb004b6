package dev.attache.server.admin.http;

import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.FullHttpMessage;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpRequest;

/**
 * Puts requests together with their bodies, which few pages read: one that takes a configuration
 * takes much, all others little. What is larger is a 413, or costs its connection where its length
 * was not said before. One per connection.
 */
public final class AdminBodyAggregator extends HttpObjectAggregator {

    private static final int MOST = 1 << 20;

    /** Of a configuration. */
    private static final int MOST_CONFIGURATION = 4 << 20;

    private static final String CONFIGURATION = "/config_dry_run";

    public AdminBodyAggregator() {
        super(MOST_CONFIGURATION);
    }

    @Override
    protected boolean isContentLengthInvalid(HttpMessage start, int most) {
        return super.isContentLengthInvalid(start, most(start));
    }

    @Override
    protected void aggregate(FullHttpMessage whole, HttpContent piece) throws Exception {
        if (whole.content().readableBytes() > most(whole)) {
            throw new TooLongFrameException("the body is larger than any page reads");
        }
        super.aggregate(whole, piece);
    }

    private static int most(HttpMessage message) {
        return message instanceof HttpRequest request && request.uri().startsWith(CONFIGURATION)
                ? MOST_CONFIGURATION
                : MOST;
    }
}
