package dev.attache.filters.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.attache.filters.ratelimit.LimitAnswer.Outcome;
import dev.attache.proxy.ratelimit.Descriptor;
import dev.attache.proxy.ratelimit.Descriptor.HeadersOption;
import dev.attache.proxy.ratelimit.DescriptorKey;
import dev.attache.proxy.ratelimit.LimitOverride;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitRequest;
import io.netty.buffer.ByteBufUtil;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

final class RateLimitWireTest {

    @Test
    void aDescriptorIsToldWithItsLimitAndHits() throws Exception {
        Descriptor plain =
                new Descriptor(
                        DescriptorKey.of(List.of("k", "v", "empty", "")),
                        -1,
                        false,
                        HeadersOption.UNSPECIFIED,
                        null);
        Descriptor full =
                new Descriptor(
                        DescriptorKey.of(List.of("a", "b")),
                        0,
                        true,
                        HeadersOption.OFF,
                        new LimitOverride(0xffff_ffffL, LimitOverride.Unit.YEAR));
        byte[] bytes = ByteBufUtil.getBytes(RateLimitWire.request("d", List.of(plain, full), 3));
        RateLimitRequest request = RateLimitRequest.parseFrom(bytes);
        assertThat(request.getHitsAddend()).isEqualTo(3);
        assertThat(request.getDescriptors(0).hasHitsAddend()).isFalse();
        assertThat(request.getDescriptors(0).getEntries(1).getKey()).isEqualTo("empty");
        assertThat(request.getDescriptors(1).hasHitsAddend()).isTrue();
        assertThat(request.getDescriptors(1).getLimit().getRequestsPerUnit()).isEqualTo(-1);
        assertThat(request.getDescriptors(1).getLimit().getUnit().name()).isEqualTo("YEAR");
        // Newer than the message class: is_negative_hits.
        assertThat(request.getDescriptors(1).getUnknownFields().getField(4).getVarintList())
                .containsExactly(1L);
    }

    @Test
    void octetsThatAreNoTextDoNotSpoilTheQuestion() throws Exception {
        Descriptor latin =
                new Descriptor(
                        DescriptorKey.of(List.of("name", "gr\u00fc\u00df")),
                        -1,
                        false,
                        HeadersOption.UNSPECIFIED,
                        null);
        byte[] bytes = ByteBufUtil.getBytes(RateLimitWire.request("d", List.of(latin), 0));
        assertThat(RateLimitRequest.parseFrom(bytes).getDescriptors(0).getEntries(0).getValue())
                .isEqualTo("gr!!");
    }

    @FuzzTest(maxDuration = "5s")
    @Tag("wire")
    void anyBytesAreAnAnswer(byte[] bytes) {
        LimitAnswer answer = RateLimitWire.response(bytes);
        assertThat(answer.outcome() != Outcome.ERROR || answer == LimitAnswer.ERROR).isTrue();
    }
}
