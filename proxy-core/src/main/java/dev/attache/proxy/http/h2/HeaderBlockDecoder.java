package dev.attache.proxy.http.h2;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;

/**
 * Netty's HPACK decoder, told into what to decode. Extended, because {@code newHeaders} is the only
 * way to tell it.
 */
final class HeaderBlockDecoder extends DefaultHttp2HeadersDecoder {

    /** Says what the block of a stream is going to be. */
    interface Streams {
        HeaderBlock.Kind kindOf(int streamId);
    }

    private final HeaderBlock block;
    private final Streams streams;
    private final int maxString;

    /**
     * @param maxString octets of one name or value as they are encoded
     * @param maxBytes the decoder's own limit, HPACK's 32 octets a field included; well above what
     *     {@link HeaderBlock} allows, so that its verdict is the one that counts
     */
    HeaderBlockDecoder(HeaderBlock block, Streams streams, int maxString, long maxBytes) {
        super(false, maxBytes);
        this.block = block;
        this.streams = streams;
        this.maxString = maxString;
    }

    @Override
    public Http2Headers decodeHeaders(int streamId, ByteBuf fragment) {
        block.begin(streams.kindOf(streamId), fragment.readableBytes());
        if (WireStrings.exceed(fragment, maxString)) {
            block.malformed();
            return block;
        }
        try {
            Http2Headers decoded = super.decodeHeaders(streamId, fragment);
            block.end();
            return decoded;
        } catch (Http2Exception.HeaderListSizeException e) {
            block.tooLarge();
        } catch (Http2Exception e) {
            block.malformed();
        }
        return block;
    }

    @Override
    protected Http2Headers newHeaders() {
        return block;
    }
}
