package dev.attache.proxy.call;

import dev.attache.proxy.http.Headers;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/** Gathers the response of a call for who wants it whole. Loop-confined. */
final class GatheredResponse implements CallListener {

    private static final int MAX_PIECES = 1024;

    private final long limit;
    private final ResponseListener listener;
    private @Nullable UpstreamCall call;
    private @Nullable Headers head;
    private @Nullable CompositeByteBuf body;

    GatheredResponse(long limit, ResponseListener listener) {
        this.limit = limit;
        this.listener = listener;
    }

    void of(UpstreamCall started) {
        call = started;
    }

    @Override
    public void onHeaders(Headers response, boolean end) {
        head = response;
        if (end) {
            complete();
        }
    }

    @Override
    public void onData(ByteBuf data, boolean end) {
        CompositeByteBuf gathered = body;
        long size = (gathered == null ? 0 : gathered.readableBytes()) + data.readableBytes();
        if (size > limit) {
            data.release();
            release();
            if (call != null) {
                call.cancel();
            }
            listener.onFailure(
                    CallFailure.tooLarge("the response exceeds " + limit + " bytes", true));
            return;
        }
        if (gathered == null) {
            gathered = Unpooled.compositeBuffer(MAX_PIECES);
            body = gathered;
        }
        gathered.addComponent(true, data);
        if (end) {
            complete();
        }
    }

    @Override
    public void onTrailers(Headers trailers) {
        complete();
    }

    private void complete() {
        Headers response = head;
        if (response == null) {
            return;
        }
        try {
            listener.onResponse(response, body == null ? Unpooled.EMPTY_BUFFER : body);
        } finally {
            release();
        }
    }

    @Override
    public void onFailure(CallFailure why) {
        release();
        listener.onFailure(why);
    }

    @Override
    public void onCancelled() {
        release();
    }

    private void release() {
        if (body != null) {
            body.release();
            body = null;
        }
    }
}
