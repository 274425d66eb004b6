package dev.attache.proxy.call;

import dev.attache.proxy.http.Headers;
import io.netty.buffer.ByteBuf;

/** Who waits for a whole response. One of the two is called, once, on the worker's loop. */
public interface ResponseListener {

    /**
     * @param body a view, valid during the call; empty where there is none
     */
    void onResponse(Headers head, ByteBuf body);

    void onFailure(CallFailure why);
}
