package dev.attache.server.admin.http;

import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseEncoder;

/** Writes answers of the admin listener; those to HEAD without their bodies. One per connection. */
public final class AdminResponseEncoder extends HttpResponseEncoder {

    private boolean head;

    /** Whether the next answer is one to HEAD. */
    void head(boolean is) {
        head = is;
    }

    @Override
    protected boolean isContentAlwaysEmpty(HttpResponse message) {
        return head || super.isContentAlwaysEmpty(message);
    }
}
