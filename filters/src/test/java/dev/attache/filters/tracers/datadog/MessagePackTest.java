package dev.attache.filters.tracers.datadog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.http.Octets;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class MessagePackTest {

    private static String written(String octets) {
        ByteBuf out = Unpooled.buffer();
        new MessagePack(out).text(octets);
        assertThat(out.readUnsignedByte()).isEqualTo((short) 0xdb);
        int length = out.readInt();
        assertThat(out.readableBytes()).isEqualTo(length);
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void textIsUtf8WhateverOctetsCame() {
        assertThat(written("plain")).isEqualTo("plain");
        assertThat(written(Octets.of("caf\u00e9 \ud83d\ude00")))
                .isEqualTo("caf\u00e9 \ud83d\ude00");
        assertThat(written("a\u00ffb\u00c3")).isEqualTo("a!b!");
    }
}
