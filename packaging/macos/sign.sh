#!/usr/bin/env bash
# Sign, notarise and pack the bundle: sign.sh "dist/BonifiQ Desktop.app" OUT.zip. What it needs comes from the environment:
#   SIGN_IDENTITY (of a Developer ID in the keychain); NOTARY_PROFILE (made by `xcrun notarytool store-credentials`).
# Without them the bundle keeps PyInstaller's ad-hoc signature, or is not notarised, and that is said aloud.
set -euo pipefail
app=$1
out=$2
pack() { ditto -c -k --sequesterRsrc --keepParent "$app" "$out"; }
if [ -n "${SIGN_IDENTITY:-}" ]; then
  codesign --force --deep --options runtime --timestamp --entitlements "$(dirname "$0")/entitlements.plist" \
    --sign "$SIGN_IDENTITY" "$app"
else
  echo "NOT SIGNED for other Macs: SIGN_IDENTITY is not set" >&2
  codesign --force --deep --sign - "$app" # the notices came after PyInstaller's own signature
fi
codesign --verify --deep --strict "$app"
pack
if [ -n "${SIGN_IDENTITY:-}" ] && [ -n "${NOTARY_PROFILE:-}" ]; then
  xcrun notarytool submit "$out" --keychain-profile "$NOTARY_PROFILE" --wait
  xcrun stapler staple "$app"
  pack
else
  echo "NOT NOTARISED: SIGN_IDENTITY and NOTARY_PROFILE are not both set" >&2
fi
