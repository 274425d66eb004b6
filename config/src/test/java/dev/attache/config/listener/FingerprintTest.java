package dev.attache.config.listener;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.attache.api.Packed;
import io.envoyproxy.envoy.config.core.v3.Metadata;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.FilterChainMatch;
import java.util.List;
import org.junit.jupiter.api.Test;

class FingerprintTest {
    private static final Value ONE = Value.newBuilder().setNumberValue(1).build();

    private static Metadata metadata(List<String> keys) {
        Struct.Builder struct = Struct.newBuilder();
        keys.forEach(key -> struct.putFields(key, ONE));
        Metadata.Builder metadata = Metadata.newBuilder();
        keys.forEach(key -> metadata.putFilterMetadata(key, struct.build()));
        return metadata.build();
    }

    private static FilterChain chain(Any config) {
        return FilterChain.newBuilder()
                .addFilters(Filter.newBuilder().setName("f").setTypedConfig(config))
                .build();
    }

    @Test
    void orderOfMapEntriesDoesNotCount() {
        Metadata one = metadata(List.of("a", "b", "c"));
        Metadata other = metadata(List.of("c", "a", "b"));
        assertThat(one.toByteString()).isNotEqualTo(other.toByteString());
        assertThat(Fingerprint.of(one)).isEqualTo(Fingerprint.of(other));
        assertThat(Fingerprint.of(one)).isNotEqualTo(Fingerprint.of(metadata(List.of("a", "b"))));
    }

    @Test
    void whoseExtensionsAreOfAnotherLoadingIsAnother() {
        Fingerprint one = Fingerprint.of(metadata(List.of("a")));
        Fingerprint other = Fingerprint.of(metadata(List.of("a")));
        assertThat(one.with(List.of())).isEqualTo(other);
        assertThat(one.with(List.of(1L))).isEqualTo(other.with(List.of(1L)));
        assertThat(one.with(List.of(1L))).isNotEqualTo(other.with(List.of(2L)));
        assertThat(one.with(List.of(1L))).isNotEqualTo(other);
    }

    @Test
    void norDoesItWithinAnys() {
        FilterChain one = chain(Packed.of(metadata(List.of("a", "b"))));
        FilterChain other = chain(Packed.of(metadata(List.of("b", "a"))));
        FilterChain third = chain(Packed.of(metadata(List.of("b", "c"))));
        assertThat(Fingerprint.of(one)).isEqualTo(Fingerprint.of(other));
        assertThat(Fingerprint.of(one)).isNotEqualTo(Fingerprint.of(third));
    }

    /** An Any holds what somebody else has written. */
    @Test
    void norDoesTheOrderOfFieldsInBytes() {
        ByteString id = Node.newBuilder().setId("n").build().toByteString();
        ByteString cluster = Node.newBuilder().setCluster("c").build().toByteString();
        Any.Builder any = Packed.of(Node.getDefaultInstance()).toBuilder();
        FilterChain one = chain(any.setValue(id.concat(cluster)).build());
        FilterChain other = chain(any.setValue(cluster.concat(id)).build());
        assertThat(Fingerprint.of(one)).isEqualTo(Fingerprint.of(other));
    }

    @Test
    void ofAnAnyThatNobodyKnowsTheBytesCount() {
        Any.Builder any = Any.newBuilder().setTypeUrl("x/nope.Nope");
        FilterChain one = chain(any.setValue(ByteString.copyFromUtf8("a")).build());
        FilterChain other = chain(any.setValue(ByteString.copyFromUtf8("b")).build());
        assertThat(Fingerprint.of(one)).isEqualTo(Fingerprint.of(one));
        assertThat(Fingerprint.of(one)).isNotEqualTo(Fingerprint.of(other));
    }

    @Test
    void whereAValueStandsCounts() {
        Filter.Builder filter = Filter.newBuilder();
        FilterChain one = FilterChain.newBuilder().addFilters(filter.setName("a")).build();
        FilterChain other = one.toBuilder().setName("a").clearFilters().build();
        FilterChain empty = one.toBuilder().clearFilters().addFilters(Filter.newBuilder()).build();
        assertThat(List.of(one, other, empty).stream().map(Fingerprint::of).distinct()).hasSize(3);
    }

    @Test
    void orderOfListsCountsUnlessItIsNotWanted() {
        FilterChainMatch.Builder match = FilterChainMatch.newBuilder();
        match.addServerNames("a").addServerNames("b").addSourcePorts(1).addSourcePorts(300);
        FilterChainMatch one = match.build();
        match.clear().addServerNames("b").addServerNames("a").addSourcePorts(300).addSourcePorts(1);
        FilterChainMatch other = match.build();
        assertThat(Fingerprint.of(one)).isNotEqualTo(Fingerprint.of(other));
        assertThat(Fingerprint.ofUnordered(one)).isEqualTo(Fingerprint.ofUnordered(other));
        FilterChainMatch third = other.toBuilder().setSourcePorts(1, 2).build();
        assertThat(Fingerprint.ofUnordered(one)).isNotEqualTo(Fingerprint.ofUnordered(third));
    }
}
