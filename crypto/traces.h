// What moved secrets leave where nobody named it.
#ifndef PALERMO_CRYPTO_TRACES_H_
#define PALERMO_CRYPTO_TRACES_H_

namespace palermo::crypto {

// Overwrites what a secret that was just moved left in the wide registers and on the unused stack:
// the registers are saved there when a library's function is bound at its first call. As good as it
// can be done from here; call it when the last copy is gone.
void WipeTraces();

}  // namespace palermo::crypto

#endif  // PALERMO_CRYPTO_TRACES_H_
