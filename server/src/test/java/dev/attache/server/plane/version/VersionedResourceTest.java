package dev.attache.server.plane.version;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class VersionedResourceTest {

    private final VersionedResource.Census census = new VersionedResource.Census();
    private final VersionedResource<Held> resource = new VersionedResource<>("a", false, census);

    @Test
    void theCensusFollowsEachStep() {
        expect(0, 0);
        resource.warm(new Held());
        expect(0, 1);
        resource.warm(new Held());
        expect(0, 1);
        Held first = resource.newest();
        assertThat(resource.promote()).isNull();
        expect(1, 0);
        resource.warm(new Held());
        expect(1, 1);
        assertThat(resource.promote()).isSameAs(first);
        expect(1, 0);
        resource.fallBack(first);
        expect(1, 0);
        resource.fallBack(null);
        expect(0, 0);
    }

    private void expect(int active, int warming) {
        assertThat(census.active()).isEqualTo(active);
        assertThat(census.warming()).isEqualTo(warming);
    }
}
