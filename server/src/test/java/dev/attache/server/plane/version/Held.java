package dev.attache.server.plane.version;

import com.google.protobuf.Any;
import java.time.Instant;
import java.util.List;

/** A version of nothing. */
public final class Held implements VersionedResource.Version {
    @Override
    public StoredVersion stored() {
        return new StoredVersion(Any.getDefaultInstance(), "", Instant.EPOCH);
    }

    @Override
    public List<Long> generations() {
        return List.of();
    }

    @Override
    public Warmup warmup() {
        return new Warmup("a", () -> {});
    }

    @Override
    public void close() {}
}
