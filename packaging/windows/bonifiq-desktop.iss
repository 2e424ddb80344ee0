; The installer for Windows: `iscc /DVersion=0.1.0 packaging\windows\bonifiq-desktop.iss` after packaging\package.py.
; For the user who runs it, without an administrator. People's data is in %LOCALAPPDATA%\BonifiQ Desktop: no line here
; names that folder, so neither an update nor the uninstaller touches it.

#ifndef Version
  #error Say which version: iscc /DVersion=...
#endif

[Setup]
AppId={{7F0C3C0A-5B0E-4C56-9D0B-3C1B1F6E2A41}
AppName=BonifiQ Desktop
AppVersion={#Version}
VersionInfoVersion={#Version}
PrivilegesRequired=lowest
DefaultDirName={localappdata}\Programs\BonifiQ Desktop
DisableProgramGroupPage=yes
DisableDirPage=auto
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
MinVersion=10.0.17763
OutputDir=..\..\dist
OutputBaseFilename=bonifiq-desktop-{#Version}-windows-setup
SetupIconFile=..\..\build\bonifiq-desktop\icons\bonifiq-desktop.ico
UninstallDisplayIcon={app}\bonifiq-desktop-window.exe
LicenseFile=..\..\LICENSE
Compression=lzma2
SolidCompression=yes
WizardStyle=modern
ShowLanguageDialog=auto
; A running program is asked to close, as at log-off; it is never killed.
CloseApplications=yes
RestartApplications=no

[Languages]
Name: "pt_BR"; MessagesFile: "compiler:Languages\BrazilianPortuguese.isl"
Name: "en"; MessagesFile: "compiler:Default.isl"

[Tasks]
Name: "desktopicon"; Description: "{cm:CreateDesktopIcon}"

[InstallDelete]
; Parts of an older version that a newer one lacks.
Type: filesandordirs; Name: "{app}\_internal"

[Files]
Source: "..\..\dist\bonifiq-desktop\*"; DestDir: "{app}"; Flags: ignoreversion recursesubdirs

[Icons]
Name: "{userprograms}\BonifiQ Desktop"; Filename: "{app}\bonifiq-desktop-window.exe"
Name: "{userdesktop}\BonifiQ Desktop"; Filename: "{app}\bonifiq-desktop-window.exe"; Tasks: desktopicon

[Run]
Filename: "{app}\bonifiq-desktop-window.exe"; Description: "{cm:LaunchProgram,BonifiQ Desktop}"; Flags: nowait postinstall skipifsilent
