import dev.attache.agent.identity.KeySpec;
import dev.attache.agent.identity.SigningRequest;
import dev.attache.agent.pem.KeyMatch;
import dev.attache.agent.pem.PrivateKeys;
import java.security.KeyPair;
import java.util.List;

/**
 * Prints a request for a certificate with each kind of key that the agent makes, after writing and
 * reading the key in both forms.
 */
class Requests {
    public static void main(String[] arguments) throws Exception {
        List<KeySpec> kinds =
                List.of(
                        new KeySpec(null, 2048, false),
                        new KeySpec(null, 4096, false),
                        new KeySpec("secp256r1", 0, false),
                        new KeySpec("secp384r1", 0, false));
        for (KeySpec kind : kinds) {
            KeyPair key = kind.generate();
            for (boolean pkcs8 : new boolean[] {false, true}) {
                if (!KeyMatch.of(
                        PrivateKeys.read(PrivateKeys.write(key.getPrivate(), pkcs8)),
                        key.getPublic())) {
                    throw new IllegalStateException(kind + " is not read as it was written");
                }
            }
            System.out.print(
                    SigningRequest.of(key, kind.signature(), "spiffe://cluster.local/ns/a/sa/b"));
        }
    }
}
