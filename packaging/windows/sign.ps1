# Sign programs: sign.ps1 FILE... The certificate comes from the environment:
#   SIGN_PFX (path of a .pfx file) and SIGN_PFX_PASSWORD, or SIGN_THUMBPRINT (of one in the user's store).
# SIGN_TIMESTAMP may name another time server. Without a certificate nothing is signed, and that is said aloud.
param([Parameter(Mandatory, ValueFromRemainingArguments)][string[]]$Files)
$ErrorActionPreference = 'Stop'

if ($env:SIGN_PFX) { $certificate = @('/f', $env:SIGN_PFX, '/p', $env:SIGN_PFX_PASSWORD) }
elseif ($env:SIGN_THUMBPRINT) { $certificate = @('/sha1', $env:SIGN_THUMBPRINT) }
else {
  Write-Warning "NOT SIGNED, there is no certificate in SIGN_PFX or SIGN_THUMBPRINT: $Files"
  exit 0
}
$tool = Get-ChildItem "${env:ProgramFiles(x86)}\Windows Kits\10\bin\*\x64\signtool.exe" | Sort-Object FullName | Select-Object -Last 1
if (-not $tool) { throw 'signtool.exe was not found: install the Windows SDK' }
$server = if ($env:SIGN_TIMESTAMP) { $env:SIGN_TIMESTAMP } else { 'http://timestamp.digicert.com' }
& $tool.FullName sign /fd SHA256 /tr $server /td SHA256 @certificate @Files
if ($LASTEXITCODE -ne 0) { throw 'signing failed' }
