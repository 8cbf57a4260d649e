// The drivers' part on a node, with what a machine has in place of EFS, S3 and EBS: a directory for an access point's path,
// a directory for a bucket, a file with an ext4 file system for a disk. The kubelet finds the drivers, and calls them, as it does the real ones.
// https://github.com/container-storage-interface/spec/blob/v1.9.0/spec.md
package main

import (
	"context"
	"flag"
	"log"
	"net"
	"os"
	"path/filepath"

	"github.com/container-storage-interface/spec/lib/go/csi"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	registration "k8s.io/kubelet/pkg/apis/pluginregistration/v1"
	"k8s.io/mount-utils"
)

// driver is one of AWS's drivers by its name.
type driver struct {
	csi.UnimplementedIdentityServer
	csi.UnimplementedNodeServer
	name     string
	endpoint string
	// Where its volumes are.
	volumes string
	// Where the stand-in for AWS says what there is.
	records string
	node    string
	// Of a driver whose disks are attached to one node, and stay in one zone.
	zone string
	// The directory of a volume, of a driver whose volumes many nodes have.
	source  func(*csi.NodePublishVolumeRequest) (string, error)
	mounter mount.Interface
}

func (it *driver) isOfDisks() bool { return it.source == nil }

func (it *driver) GetPluginInfo(context.Context, *csi.GetPluginInfoRequest) (*csi.GetPluginInfoResponse, error) {
	return &csi.GetPluginInfoResponse{Name: it.name, VendorVersion: "stand-in"}, nil
}

func (it *driver) Probe(context.Context, *csi.ProbeRequest) (*csi.ProbeResponse, error) {
	return &csi.ProbeResponse{}, nil
}

func (it *driver) NodeGetInfo(context.Context, *csi.NodeGetInfoRequest) (*csi.NodeGetInfoResponse, error) {
	info := &csi.NodeGetInfoResponse{NodeId: it.node}
	if it.isOfDisks() {
		info.AccessibleTopology = &csi.Topology{Segments: map[string]string{"topology.ebs.csi.aws.com/zone": it.zone}}
	}
	return info, nil
}

func (it *driver) NodeGetCapabilities(context.Context, *csi.NodeGetCapabilitiesRequest) (*csi.NodeGetCapabilitiesResponse, error) {
	if !it.isOfDisks() {
		return &csi.NodeGetCapabilitiesResponse{}, nil
	}
	stage := &csi.NodeServiceCapability_RPC{Type: csi.NodeServiceCapability_RPC_STAGE_UNSTAGE_VOLUME}
	capability := &csi.NodeServiceCapability{Type: &csi.NodeServiceCapability_Rpc{Rpc: stage}}
	return &csi.NodeGetCapabilitiesResponse{Capabilities: []*csi.NodeServiceCapability{capability}}, nil
}

// NodeStageVolume mounts a disk once for the node.
func (it *driver) NodeStageVolume(_ context.Context, request *csi.NodeStageVolumeRequest) (*csi.NodeStageVolumeResponse, error) {
	file, err := it.disk(request.VolumeId)
	if err != nil {
		return nil, status.Error(codes.Internal, err.Error())
	}
	return &csi.NodeStageVolumeResponse{}, it.mount(file, request.StagingTargetPath, "ext4", "loop")
}

func (it *driver) NodeUnstageVolume(_ context.Context, request *csi.NodeUnstageVolumeRequest) (*csi.NodeUnstageVolumeResponse, error) {
	return &csi.NodeUnstageVolumeResponse{}, it.unmount(request.StagingTargetPath)
}

func (it *driver) NodePublishVolume(_ context.Context, request *csi.NodePublishVolumeRequest) (*csi.NodePublishVolumeResponse, error) {
	source := request.StagingTargetPath
	if !it.isOfDisks() {
		directory, err := it.source(request)
		if err != nil {
			return nil, status.Error(codes.Internal, err.Error())
		}
		source = directory
	}
	options := []string{"bind"}
	if request.Readonly {
		options = append(options, "ro")
	}
	return &csi.NodePublishVolumeResponse{}, it.mount(source, request.TargetPath, "", options...)
}

func (it *driver) NodeUnpublishVolume(_ context.Context, request *csi.NodeUnpublishVolumeRequest) (*csi.NodeUnpublishVolumeResponse, error) {
	return &csi.NodeUnpublishVolumeResponse{}, it.unmount(request.TargetPath)
}

// mount does nothing where something is mounted already: the kubelet may ask again.
func (it *driver) mount(source, target, kind string, options ...string) error {
	if err := os.MkdirAll(target, 0o750); err != nil {
		return status.Error(codes.Internal, err.Error())
	}
	if isMounted, err := it.mounter.IsMountPoint(target); err != nil {
		return status.Error(codes.Internal, err.Error())
	} else if isMounted {
		return nil
	}
	if err := it.mounter.Mount(source, target, kind, options); err != nil {
		return status.Error(codes.Internal, err.Error())
	}
	log.Printf("%s: mounted %s", it.name, source)
	return nil
}

func (it *driver) unmount(target string) error {
	if err := mount.CleanupMountPoint(target, it.mounter, true); err != nil {
		return status.Error(codes.Internal, err.Error())
	}
	return nil
}

// registrar answers the kubelet, which looks for new drivers.
type registrar struct {
	registration.UnimplementedRegistrationServer
	of *driver
}

func (it registrar) GetInfo(context.Context, *registration.InfoRequest) (*registration.PluginInfo, error) {
	info := registration.PluginInfo{Type: registration.CSIPlugin, Name: it.of.name, Endpoint: it.of.endpoint}
	info.SupportedVersions = []string{"1.0.0"}
	return &info, nil
}

func (it registrar) NotifyRegistrationStatus(_ context.Context, found *registration.RegistrationStatus) (*registration.RegistrationStatusResponse, error) {
	if !found.PluginRegistered {
		log.Fatalf("the kubelet doesn't take %s: %s", it.of.name, found.Error)
	}
	return &registration.RegistrationStatusResponse{}, nil
}

// serve offers services on a socket, in the background.
func serve(socket string, offer func(*grpc.Server)) {
	if err := os.MkdirAll(filepath.Dir(socket), 0o750); err != nil {
		log.Fatal(err)
	}
	listener, err := net.Listen("unix", socket)
	if err != nil {
		log.Fatal(err)
	}
	server := grpc.NewServer()
	offer(server)
	go func() { log.Fatal(server.Serve(listener)) }()
}

func main() {
	kubelet := flag.String("kubelet", "", "the kubelet's root directory")
	volumes := flag.String("volumes", "", "where access points and disks are")
	node := flag.String("node", "", "the node's name")
	zone := flag.String("zone", "", "the node's availability zone")
	records := flag.String("records", "", "the file of the stand-in for AWS")
	flag.Parse()
	efs, s3 := &driver{name: "efs.csi.aws.com"}, &driver{name: "s3.csi.aws.com"}
	efs.source, s3.source = efs.accessPoint, s3.bucket
	drivers := []*driver{efs, s3, {name: "ebs.csi.aws.com", zone: *zone}}
	for _, it := range drivers {
		it.node, it.records, it.mounter = *node, *records, mount.New("")
		it.volumes = filepath.Join(*volumes, it.name)
		if err := os.MkdirAll(it.volumes, 0o755); err != nil {
			log.Fatal(err)
		}
		it.endpoint = filepath.Join(*kubelet, "plugins", it.name, "csi.sock")
		serve(it.endpoint, func(server *grpc.Server) {
			csi.RegisterIdentityServer(server, it)
			csi.RegisterNodeServer(server, it)
		})
		serve(filepath.Join(*kubelet, "plugins_registry", it.name+"-reg.sock"), func(server *grpc.Server) {
			registration.RegisterRegistrationServer(server, registrar{of: it})
		})
	}
	select {}
}
