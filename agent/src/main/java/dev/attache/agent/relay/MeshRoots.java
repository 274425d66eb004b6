package dev.attache.agent.relay;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Takes the mesh's further roots out of what the control plane says of this proxy ({@code
 * istio.mesh.v1alpha1.ProxyConfig}, {@code ca_certificates_pem}); the rest of it is read at the
 * start only. As the relay.
 */
public final class MeshRoots implements OwnResource {

    private static final int CA_CERTIFICATES_PEM = 34;

    private final Consumer<List<String>> roots;

    /**
     * @param roots takes all of them, PEM
     */
    public MeshRoots(Consumer<List<String>> roots) {
        this.roots = roots;
    }

    @Override
    public void take(byte[] resource) throws IOException {
        CodedInputStream in = CodedInputStream.newInstance(resource);
        List<String> found = new ArrayList<>();
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (WireFormat.getTagFieldNumber(tag) == CA_CERTIFICATES_PEM) {
                found.add(Envelope.text(in, tag));
            } else {
                Envelope.skip(in, tag);
            }
        }
        roots.accept(List.copyOf(found));
    }
}
